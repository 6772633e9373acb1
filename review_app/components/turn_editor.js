// The field in which one turn is typed anew, in its own place in the text. What was typed is kept
// as a draft until it is saved; saving is the caller's.

import { clock, el, fill } from "./dom.js";
import { Writer } from "./writer.js";

const MOVES = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

export class TurnEditor {
  /**
   * @param {object} options
   * @param {(turn: object, text: string) => Promise<boolean>} options.onSave
   * @param {(turn: object, text: string, word: number) => void} options.onSplit
   * @param {(turn: object, text: string) => void} options.onMerge
   */
  constructor({ api, recording, transcript, labels, lang, signal, onSave, onSplit, onMerge, onAside }) {
    Object.assign(this, { transcript, labels, onSave, onSplit, onMerge, onAside });
    this.turn = null;
    this.was = "";
    this.input = el("textarea", { class: "in", rows: "1" });
    this.status = el("span", { class: "saved xs muted", role: "status" });
    this.clash = el("p", { class: "clash", role: "status", hidden: true });
    this.element = el("div", { class: "editing" }, this.input, this.clash, el("p", { class: "hstack xs muted" }, el("span", { class: "grow", text: labels.editing_keys }), this.status));
    this.writer = new Writer({ api, recording, field: "turn", input: this.input, read: () => this.draft(), write: (text) => this.takeUp(text), status: this.status, labels, lang, signal });
    this.input.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.input.addEventListener("input", () => this.grow(), { signal });
  }

  get changed() {
    return this.turn !== null && this.input.value.trim() !== this.was;
  }

  draft() {
    return this.changed ? JSON.stringify({ at_ms: this.turn.start_ms, was: this.was, text: this.input.value }) : "";
  }

  /** Take up what was typed before the page was loaded anew, also if the turn reads otherwise now. */
  takeUp(written) {
    const { at_ms: at, was, text } = JSON.parse(written);
    const { turns } = this.transcript;
    const turn = turns.find((each) => each.start_ms === at) ?? turns.findLast((each) => each.start_ms <= at) ?? turns[0];
    if (!turn) return;
    this.open(turn);
    this.input.value = text;
    this.grow();
    if (was !== this.was) this.met(this.was);
  }

  open(turn) {
    this.turn = turn;
    this.was = wordsOf(turn);
    this.input.value = this.was;
    this.input.setAttribute("aria-label", fill(this.labels.editing_turn, { at: clock(turn.start_ms) }));
    this.clash.hidden = true;
    this.place();
    this.grow();
    this.input.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  get typing() {
    return this.element.getRootNode().activeElement === this.input;
  }

  /** Stand in the row of the turn, which may have been drawn anew under a typing hand. */
  place(typing = false) {
    if (!this.turn) return;
    const { transcript } = this;
    const at = transcript.turns.indexOf(this.turn);
    if (at < 0) this.turn = transcript.turns.findLast((each) => each.start_ms <= this.turn.start_ms) ?? transcript.turns[0];
    const row = transcript.rows[transcript.turns.indexOf(this.turn)];
    if (!row || row.contains(this.element)) return;
    const { selectionStart, selectionEnd } = this.input;
    for (const other of transcript.list.querySelectorAll(".typing")) other.classList.remove("typing");
    row.classList.add("typing");
    row.append(this.element);
    if (typing) this.input.focus({ preventScroll: true });
    this.input.setSelectionRange(selectionStart, selectionEnd);
  }

  /** Say that the turn reads otherwise by now. What was typed stays in the field. */
  met(text, by = "") {
    this.was = text;
    this.clash.hidden = false;
    this.clash.textContent = fill(by ? this.labels.other_wrote : this.labels.reads_now, { name: by, text });
  }

  close() {
    const at = this.transcript.turns.indexOf(this.turn);
    this.turn = null;
    this.element.parentElement?.classList.remove("typing");
    this.element.remove();
    this.writer.done();
    if (at >= 0) this.transcript.focus(at);
  }

  async save() {
    const { turn } = this;
    if (!turn) return true;
    const text = this.input.value.trim();
    if (text !== this.was && !(await this.onSave(turn, text))) return false;
    if (this.turn) this.close();
    return true;
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  pressed(event) {
    const { input, turn } = this;
    const mod = event.ctrlKey || event.metaKey;
    if (event.isComposing) return;
    if (event.key === "Enter" && mod) this.onSplit(turn, input.value.trim(), wordsBefore(input));
    else if (event.key === "Enter") this.save();
    else if (event.key === "Backspace" && !input.selectionStart && !input.selectionEnd && !mod) this.onMerge(turn);
    else if (event.key === "Escape") this.aside();
    else {
      if (MOVES.has(event.key)) event.stopPropagation(); // in here they are the field's
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Leave the turn as it was; what was typed can be taken up again. */
  aside() {
    const left = this.draft();
    this.close();
    if (left) this.onAside(() => this.takeUp(left));
  }
}

export function wordsOf(turn) {
  return turn.words.map((word) => word[2]).join(" ");
}

function wordsBefore(input) {
  return input.value.slice(0, input.selectionStart).split(/\s+/).filter(Boolean).length;
}
