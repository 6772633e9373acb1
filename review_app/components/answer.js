// The question of one sequence and the two fields of its answer. They save themselves; what has
// been written is only shown to the supervisor once it is sent.

import { clock, el, fill, replace } from "./dom.js";
import { groundLine, groundOf } from "./ground.js";
import { icon } from "./icons.js";
import { kindTag } from "./kind.js";
import { Writer } from "./writer.js";

export class Answer {
  constructor({ prepare, sequence }) {
    const { labels, doc, name, api, lang, recording, saved } = prepare;
    Object.assign(this, { prepare, sequence, labels });
    this.stop = new AbortController();
    const given = prepare.answerOf(sequence) ?? { seen: "", thought: "", skipped: false };
    this.skipped = given.skipped;
    const area = (value) => el("textarea", { class: "ta", rows: 3, value });
    this.seen = area(given.seen);
    this.thought = area(given.thought);
    this.moments = el("div", { class: "mk" });
    this.thoughts = el("div", { class: "mk" });
    this.knows = el("p", { class: "xs muted", text: labels.how_do_you_know });
    this.fields = el("div", { class: "vstack" }, this.field(labels.what_seen, this.seen), this.field(labels.what_think, this.thought), this.knows, el("button", { type: "button", class: "btn sm q rather", text: labels.rather_talk, on: { click: () => this.ratherTalk() } }));
    this.skipState = el("p", { class: "s muted", hidden: !given.skipped, text: labels.skipped_meaning });
    const last = prepare.index === doc.sequences.length - 1;
    const button = (kind, label, run, sign) => el("button", { type: "button", class: `btn ${kind}`, on: { click: run } }, label, sign ? icon(sign) : null);
    const next = last ? button("p", fill(labels.send_to, { name }), () => prepare.send()) : button("p", labels.next_sequence, () => prepare.go(1), "arrow_right");
    this.element = el("div", { class: "vstack one" },
      el("div", { class: "hstack xs" }, el("b", { class: "muted", text: fill(labels.sequence_of, { number: sequence.order, total: doc.sequences.length }) }), kindTag(sequence.kind, labels)),
      el("h2", { text: sequence.prompt || sequence.title || labels.untitled }),
      doc.wish && sequence.by !== doc.me.id ? el("p", { class: "s muted why", text: fill(labels.asks_because, { name, wish: doc.wish }) }) : null,
      this.fields, this.skipState, this.moments, this.thoughts,
      el("div", { class: "ft" }, button("q", labels.skip, () => this.skip()), el("span", { class: "grow" }), prepare.index ? button("", labels.former, () => prepare.go(-1)) : null, next));
    this.writer = new Writer({ api, recording, field: `answer-${sequence.id}`, input: this.fields, read: () => this.read(), write: (text) => this.take(text), status: saved, labels, lang, signal: this.stop.signal, save: (text) => this.save(text), load: async () => "" });
    this.fields.addEventListener("input", () => this.unskip(), { signal: this.stop.signal });
    this.fields.addEventListener("input", () => this.drawKnows(), { signal: this.stop.signal });
    this.fields.addEventListener("focusout", () => this.writer.keep(), { signal: this.stop.signal });
    this.writer.sent = this.read();
    this.recall();
  }

  /** Ask how one knows, for as long as there is a thought and nothing seen or heard beside it. */
  drawKnows() {
    this.knows.hidden = !this.thought.value.trim() || Boolean(this.seen.value.trim() || this.own("seen_heard").length);
  }

  /** The own notes of a kind that were written under the sequence or lie in it. */
  own(kind) {
    const { doc } = this.prepare;
    const { id, start_ms: start, end_ms: end } = this.sequence;
    const inside = (note) => note.sequence === id || (!note.sequence && note.at_ms >= start && note.at_ms < end);
    return doc.notes.filter((note) => note.by === doc.me.id && note.kind === kind && inside(note));
  }

  field(label, control) {
    return el("label", { class: "fld" }, el("span", { class: "b s", text: label }), control);
  }

  read() {
    return JSON.stringify({ seen: this.seen.value, thought: this.thought.value, skipped: this.skipped });
  }

  take(text) {
    const { seen, thought, skipped } = JSON.parse(text);
    this.seen.value = seen;
    this.thought.value = thought;
    this.skipped = skipped;
    this.skipState.hidden = !skipped;
  }

  // What was typed while the line was down is still in the tab.
  recall() {
    const kept = sessionStorage.getItem(this.writer.key);
    if (!kept) return;
    this.take(kept);
    this.writer.touched();
  }

  async save(text) {
    const { prepare, sequence } = this;
    const answer = JSON.parse(text);
    await prepare.api.intent("write_answer", { sequence: sequence.id, ...answer }, { quiet: true });
    const given = prepare.answerOf(sequence);
    if (given) Object.assign(given, answer);
    else prepare.doc.answers.push({ sequence: sequence.id, ...answer });
    prepare.drawList();
  }

  unskip() {
    this.skipped = false;
    this.skipState.hidden = true;
  }

  async skip() {
    this.skipped = true;
    this.skipState.hidden = false;
    await this.writer.keep();
    this.prepare.go(1);
  }

  ratherTalk() {
    this.thought.value = [this.thought.value.trim(), this.labels.rather_talk_text].filter(Boolean).join("\n");
    this.unskip();
    this.writer.touched();
    this.thought.focus();
  }

  drawMoments() {
    const { prepare, labels, sequence } = this;
    const own = this.own("seen_heard").filter((note) => note.sequence === sequence.id);
    this.moments.hidden = !own.length;
    replace(this.moments, el("span", { class: "s b", text: labels.your_moments }), own.map((note) => el("span", { class: "tag you num" }, el("button", { type: "button", on: { click: () => prepare.play(note.at_ms) }, text: `${clock(note.at_ms)} ${note.text}` }), el("button", { type: "button", "aria-label": fill(labels.remove_moment, { at: clock(note.at_ms) }), on: { click: () => prepare.unmark(note) } }, icon("close")))));
    this.drawThoughts();
    this.drawKnows();
  }

  drawThoughts() {
    const { prepare, labels } = this;
    const own = this.own("interpretation");
    const thought = (note) => el("li", {}, groundLine(groundOf(note, prepare.doc.notes), labels), el("p", { class: "s", text: note.text }));
    this.thoughts.hidden = !own.length;
    replace(this.thoughts, el("span", { class: "s b", text: labels.your_thoughts }), el("ul", {}, own.map(thought)));
  }

  /** Save what is unsaved; resolves when it is. */
  async leave() {
    await this.writer.keep();
    this.stop.abort();
  }
}
