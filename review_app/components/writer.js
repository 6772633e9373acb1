// Text that is not lost: kept in the tab at every key, on the server a moment after the last one,
// and taken up again after a reload. What the text is for is the caller's.

import { fill, hourMinute } from "./dom.js";

const PAUSE_MS = 800;
const AGAIN_MS = 5000;

/** Return where in the tab a draft is kept. */
export function draftKey(recording, field) {
  return `samspil:${recording}:${field}`;
}

export class Writer {
  /**
   * @param {object} options
   * @param {string} options.field  the draft's name on the server
   * @param {() => string} options.read  what is written now; "" when nothing is
   * @param {(text: string) => void} options.write  shows a draft that was kept
   * @param {HTMLElement} options.status  where "draft saved" is shown
   * @param {(text: string) => Promise} [options.save]  where it is kept, if not among the drafts
   * @param {() => Promise<string>} [options.load]
   * @param {boolean} [options.here]  whether it is kept in this tab alone
   */
  constructor({ api, recording, field, input, read, write, status, labels, lang, signal, save, load, here = false }) {
    Object.assign(this, { api, field, read, write, status, labels, lang, here });
    this.save = save ?? ((text) => api.intent("keep_draft", { field, text }, { quiet: true }));
    this.load = load ?? (() => api.draft(field));
    this.key = draftKey(recording, field);
    this.timer = null;
    this.sent = null;
    input.addEventListener("input", () => this.touched(), { signal });
    input.addEventListener("blur", () => this.keep(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** Take up a draft from this tab or, failing that, from the server. */
  async restore() {
    const here = sessionStorage.getItem(this.key);
    const text = here ?? (this.here ? "" : await this.load().catch(() => ""));
    if (!text || this.read()) return false;
    this.sent = here === null ? text : null;
    this.write(text);
    if (here !== null) this.touched();
    return true;
  }

  touched() {
    sessionStorage.setItem(this.key, this.read());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  async keep() {
    clearTimeout(this.timer);
    const text = this.read();
    if (text === (this.sent ?? "")) return;
    if (this.here) {
      this.status.textContent = this.labels.draft_here;
      return;
    }
    try {
      this.saving = this.save(text);
      await this.saving;
      this.sent = text;
      if (this.read() === text) sessionStorage.removeItem(this.key);
      this.status.textContent = text ? fill(this.labels.draft_saved, { time: hourMinute(new Date(), this.lang) }) : "";
    } catch (error) {
      this.status.textContent = error.passing ? this.labels.draft_waits : this.labels.draft_here;
      if (error.passing) this.timer = setTimeout(() => this.keep(), AGAIN_MS);
    }
  }

  /** Forget the draft: what it was for has been saved. */
  async done() {
    clearTimeout(this.timer);
    sessionStorage.removeItem(this.key);
    this.status.textContent = "";
    await this.saving?.catch(() => null); // else it would arrive after the draft has gone
    if (this.sent) {
      this.sent = null;
      await this.save("").catch(() => null);
    }
  }
}
