/**
 * The sheet on which one of the two, or a guest, raises a concern for a child and sees what was
 * done about it.
 *
 *   const sheet = new ConcernSheet({ api, recording, labels, lang, host, now, signal, guest });
 *   sheet.open()          Shift+B and the button; the film stands where it is
 *   sheet.open(at_ms)     about another place in it
 *   sheet.forget()        take what a guest was writing out of the tab
 *
 * What is being written is a draft like any other, so closing or reloading loses nothing; a guest's
 * is kept in the tab alone. The sheet lies over everything else, so it says itself what went wrong.
 */

import { clock, el, fill, hourMinute, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";
import { draftKey, Writer } from "./writer.js";

const FIELD = "concern";

export class ConcernSheet {
  constructor({ api, recording, labels, lang, host, now, signal, guest = false }) {
    Object.assign(this, { api, recording, labels, lang, host, now, signal, guest });
    this.dialog = null;
  }

  /** A label, in the words for whom it is shown to. */
  word(name) {
    return this.labels[this.guest ? `${name}_guest` : name];
  }

  forget() {
    sessionStorage.removeItem(draftKey(this.recording, FIELD));
  }

  /** The button that opens the sheet, for those who do not use keys. */
  button() {
    const { labels } = this;
    return el("button", { type: "button", class: "btn sm q worry", title: `${labels.concern_title} (⇧ B)`, "aria-label": labels.concern, "aria-haspopup": "dialog", "aria-keyshortcuts": "Shift+B", on: { click: () => this.open() } }, icon("shield"), el("span", { text: labels.concern }));
  }

  open(at_ms = this.now()) {
    if (this.dialog) return;
    const { labels } = this;
    this.at_ms = Math.round(at_ms);
    this.stop = new AbortController();
    const title = el("h2", { id: "concern-title", tabindex: "-1", text: labels.concern_title });
    const close = el("button", { type: "button", class: "btn sm", on: { click: () => this.dialog?.close() } }, icon("close"), labels.close);
    this.said = el("div", { class: "banner", role: "status", tabindex: "-1", hidden: true });
    this.body = el("div", { class: "vstack" }, el("p", { class: "muted", text: labels.concern_fetching }));
    this.dialog = el("dialog", { class: "sheet", "aria-labelledby": "concern-title" }, el("div", { class: "hstack" }, el("div", { class: "grow" }, title), close), this.said, this.body);
    this.dialog.addEventListener("close", () => this.closed());
    this.signal.addEventListener("abort", () => this.dialog?.close(), { signal: this.stop.signal });
    this.host.append(this.dialog);
    this.dialog.showModal();
    title.focus();
    this.load();
  }

  closed() {
    this.writer?.keep();
    this.stop.abort();
    this.dialog.remove();
    this.dialog = null;
    this.writer = null;
  }

  async load() {
    const { signal } = this.stop;
    try {
      this.shown = await this.api.get("concerns", { signal });
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error, () => this.load());
      return;
    }
    this.draw();
    await this.writer.restore();
  }

  draw() {
    const { labels, shown } = this;
    const { concerns, leader } = shown;
    replace(
      this.body,
      el("p", { text: labels.concern_meaning }),
      el("p", { class: "b", text: labels.concern_effect }),
      leader ? el("p", { class: "s muted", text: fill(this.word("concern_told"), { name: leader }) }) : el("div", { class: "banner wait" }, icon("warning"), el("p", { text: labels.concern_nobody })),
      this.duty(),
      concerns.length ? el("section", { class: "vstack" }, el("h3", { text: labels.concern_steps }), concerns.map((each, place) => this.concern(each, place + 1))) : null,
      this.form(Boolean(leader), concerns.length),
    );
  }

  duty() {
    const { labels, shown } = this;
    const link = el("a", { href: shown.duty.link, target: "_blank", rel: "noopener noreferrer", text: labels.concern_duty_link });
    return el("section", { class: "duty" }, el("h3", { text: labels.concern_duty }), el("p", { class: "s", text: shown.duty.text }), el("p", { class: "s" }, link, el("span", { class: "muted xs", text: ` ${shown.duty.link}` })));
  }

  concern(each, number) {
    const { labels, lang } = this;
    const when = (taken) => {
      const at = new Date(taken.at);
      return fill(labels.concern_step_at, { date: longDate(at, lang), time: hourMinute(at, lang), name: taken.by });
    };
    const steps = each.steps.map((taken) => el("li", {}, icon("check"), el("span", {}, el("b", { class: "s", text: taken.label }), el("span", { class: "xs muted num", text: when(taken) }))));
    const next = each.open.map((open) => el("button", { type: "button", class: "btn sm", text: open.label, on: { click: () => this.take(each, open) } }));
    return el("article", { class: "concern", "aria-label": fill(labels.concern_of, { number }) }, el("h4", { class: "s", text: fill(labels.concern_of, { number }) }), el("ol", {}, steps), each.text ? el("p", { class: "s own" }, icon("lock"), ` ${each.text}`) : null, next.length ? el("div", { class: "hstack wrap" }, next) : null);
  }

  form(open, before) {
    const { api, recording, labels, lang } = this;
    this.field = el("textarea", { class: "ta", rows: 4, id: "concern-words" });
    const status = el("span", { class: "xs muted" });
    this.raiseButton = el("button", { type: "submit", class: "btn p", disabled: !open, text: before ? labels.concern_again : labels.concern_raise });
    this.writer = new Writer({ api, recording, field: FIELD, here: this.guest, input: this.field, read: () => this.field.value, write: (text) => { this.field.value = text; }, status, labels, lang, signal: this.stop.signal });
    const form = el("form", { class: "vstack" }, el("label", { class: "fld", for: "concern-words" }, el("span", { class: "b s", text: this.word("concern_words") })), this.field, status, el("p", { class: "xs muted num", text: fill(this.word("concern_place"), { place: clock(this.at_ms) }) }), el("div", {}, this.raiseButton));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.raise();
    });
    return form;
  }

  async raise() {
    this.raiseButton.disabled = true;
    const args = { at_ms: this.at_ms, text: this.field.value.trim() };
    if (!(await this.ask("raise_concern", args))) {
      this.raiseButton.disabled = false;
      return;
    }
    await this.writer.done();
    this.field.value = "";
    await this.again(this.labels.concern_raised);
  }

  async take(concern, { step, label }) {
    if (await this.ask("take_concern_step", { id: concern.id, step })) await this.again(fill(this.labels.concern_step_noted, { step: label }));
  }

  async ask(intent, args) {
    try {
      await this.api.intent(intent, args, { quiet: true });
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Show what stands now, keeping what is being written, and say what happened. */
  async again(text) {
    await this.writer?.keep();
    await this.load();
    this.say("ok", "check", text);
  }

  failed(error, retry = null) {
    const again = retry && error.passing ? el("button", { type: "button", class: "btn sm", text: this.labels.try_again, on: { click: retry } }) : null;
    this.say("wait", "warning", `${error.message} ${error.advice}`, again);
  }

  say(tone, sign, text, action = null) {
    if (!this.dialog) return;
    this.said.className = `banner ${tone}`;
    this.said.hidden = false;
    replace(this.said, icon(sign), el("p", { class: "grow", text }), action);
    this.said.focus();
  }
}
