// Writing a note at a moment of the film, and the list of the notes there are. Draws and asks; the
// actions save.

import { clock, el, fill, replace, rewrite } from "./dom.js";
import { GroundChoice, groundLine, groundOf } from "./ground.js";
import { icon } from "./icons.js";
import { Writer } from "./writer.js";

export const NOTE_KINDS = ["seen_heard", "interpretation"];
export const VISIBILITIES = ["private", "meeting", "shared"];

/** A row of buttons of which one is pressed. */
export function segmented({ name, options, words, signs = {}, value, onChange }) {
  const buttons = options.map((option) => el("button", { type: "button", "aria-pressed": String(option === value), data: { option }, on: { click: () => choose(option, true) } }, signs[option] ? icon(signs[option]) : null, words[option]));
  const choose = (option, tell = false) => {
    group.value = option;
    for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset.option === option));
    if (tell) onChange(option);
  };
  const group = { element: el("div", { class: "seg", role: "group", "aria-label": name }, buttons), value, choose };
  return group;
}

export class Composer {
  /** `player` is paused at the first key and, if it was playing, goes on after Ctrl+Enter. */
  constructor({ labels, lang, api, recording, actions, player, solo = true, signal }) {
    Object.assign(this, { labels, lang, actions, player, solo });
    this.at_ms = null;
    this.resume = false;
    this.note = null;
    this.saving = false;
    this.moment = el("span", { class: "tag you num" });
    this.status = el("span", { class: "xs muted saved" });
    const touched = () => this.writer.touched();
    this.ground = new GroundChoice({ labels, onChange: touched });
    this.kind = segmented({ name: labels.note_kind, options: NOTE_KINDS, words: { seen_heard: labels.seen_heard, interpretation: labels.interpretation }, value: "seen_heard", onChange: () => {
      this.drawKind();
      touched();
    } });
    this.visibility = segmented({ name: labels.note_visibility, options: VISIBILITIES, words: { private: labels.private, meeting: labels.for_meeting, shared: labels.shared }, signs: { private: "lock" }, value: "meeting", onChange: touched });
    this.field = el("textarea", { class: "in note", rows: 2, placeholder: labels.note_placeholder, "aria-label": labels.note, "aria-keyshortcuts": "Control+Enter" });
    this.element = el("div", { class: "comp" }, el("div", { class: "hstack" }, this.moment, this.kind.element, el("span", { class: "grow" }), this.visibility.element), el("div", { class: "wr" }, this.field, this.status), this.ground.element);
    this.writer = new Writer({ api, recording, field: "note", input: this.field, read: () => this.read(), write: (text) => this.take(text), status: this.status, labels, lang, signal });
    this.field.addEventListener("focus", () => this.begin(), { signal });
    this.field.addEventListener("input", () => this.typed(), { signal });
    this.element.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.show(0);
  }

  get writing() {
    return Boolean(this.field.value.trim());
  }

  /** Show the film's moment, until something is being written: then it stands still. */
  show(ms) {
    if (this.at_ms === null) rewrite(this.moment, clock(ms));
  }

  begin() {
    if (this.at_ms !== null) return;
    this.at_ms = this.player.now_ms;
    this.moment.textContent = clock(this.at_ms);
  }

  typed() {
    this.begin();
    if (this.solo && this.player.playing && this.writing) {
      this.resume = true;
      this.player.pause();
    }
  }

  /** Ask of an interpretation how one knows, with what has been seen so far to choose from. */
  drawKind(rests_on) {
    this.ground.ask(this.kind.value === "interpretation", { notes: this.actions.doc.notes, at_ms: this.at_ms ?? this.player.now_ms, value: rests_on });
  }

  focus() {
    this.field.focus();
  }

  nextVisibility() {
    this.visibility.choose(VISIBILITIES[(VISIBILITIES.indexOf(this.visibility.value) + 1) % VISIBILITIES.length], true);
    return this.visibility.value;
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.save();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      event.target.blur();
      if (!this.writing) this.clear();
    }
  }

  async save() {
    const text = this.field.value.trim();
    if (!text || this.saving) return;
    this.saving = true;
    const fields = { at_ms: this.at_ms, kind: this.kind.value, visibility: this.visibility.value, rests_on: this.ground.value, text };
    const going = this.resume;
    const done = await (this.note ? this.actions.changeNote(this.note, fields) : this.actions.addNote(fields));
    this.saving = false;
    this.element.classList.toggle("unsaved", !done);
    if (!done) return; // the text stays where it is, edged in yellow, until it is saved
    await this.writer.done();
    this.element.getRootNode().activeElement?.blur();
    this.clear();
    if (going) this.player.play();
  }

  clear() {
    this.field.value = "";
    this.at_ms = null;
    this.note = null;
    this.resume = false;
    this.show(this.player.now_ms);
    this.drawKind(null);
  }

  /** Take a note up again to change it. */
  open(note) {
    if (this.writing) return;
    this.note = note;
    this.at_ms = note.at_ms;
    this.moment.textContent = clock(note.at_ms);
    this.kind.choose(NOTE_KINDS.includes(note.kind) ? note.kind : "seen_heard");
    this.visibility.choose(note.visibility);
    this.field.value = note.text;
    this.drawKind(note.rests_on);
    this.focus();
  }

  read() {
    if (!this.field.value) return "";
    return JSON.stringify({ text: this.field.value, at_ms: this.at_ms, kind: this.kind.value, visibility: this.visibility.value, rests_on: this.ground.value, note: this.note?.id ?? null });
  }

  take(kept) {
    let draft;
    try {
      draft = JSON.parse(kept);
    } catch {
      draft = { text: kept };
    }
    this.field.value = draft.text ?? "";
    this.at_ms = draft.at_ms ?? 0;
    this.note = this.actions.doc.notes.find((each) => each.id === draft.note) ?? null;
    this.kind.choose(draft.kind ?? "seen_heard");
    this.visibility.choose(draft.visibility ?? "meeting");
    this.drawKind(draft.rests_on);
    this.moment.textContent = clock(this.at_ms);
  }

  async restore() {
    if (await this.writer.restore()) this.status.textContent = this.labels.draft_restored;
  }
}

export class NoteList {
  constructor({ labels, actions, onOpen, onEdit, signal }) {
    Object.assign(this, { labels, actions, onOpen, onEdit });
    this.element = el("ol", { class: "nts", "aria-label": labels.notes, hidden: true });
    this.element.addEventListener("click", (event) => this.clicked(event), { signal });
  }

  show(on) {
    this.element.hidden = !on;
    if (on && !this.drawn) this.draw();
  }

  /** Draw the notes there are by now; out of sight, that waits until they are shown. */
  draw() {
    this.drawn = !this.element.hidden;
    if (!this.drawn) return;
    const { labels } = this;
    const { notes, me } = this.actions.doc;
    const sorted = [...notes].sort((a, b) => a.at_ms - b.at_ms);
    const visible = { private: labels.private, meeting: labels.for_meeting, shared: labels.shared };
    const kinds = { seen_heard: labels.seen_heard, interpretation: labels.interpretation, agreement: labels.agreement };
    replace(this.element, sorted.map((note) => el("li", { class: "nt", data: { id: note.id } },
      el("button", { type: "button", class: "num xs at", "aria-label": fill(labels.play_from, { at: clock(note.at_ms) }), text: clock(note.at_ms) }),
      el("div", { class: "grow" }, groundLine(groundOf(note, notes), labels), el("p", { text: note.text }), this.wonder(note),
        el("p", { class: "xs muted" }, note.visibility === "private" ? icon("lock") : null, ` ${[kinds[note.kind], visible[note.visibility], note.by === me.id ? labels.you : note.by_name].join(" · ")}`)),
      note.by === me.id ? [this.small("edit", labels.edit_note, "edit"), this.small("erase", labels.remove_note, "remove")] : null)));
    if (!sorted.length) replace(this.element, el("li", { class: "empty" }, el("p", { text: labels.no_notes })));
  }

  /** Ask kindly what an own interpretation rests on, where nothing is chosen. */
  wonder(note) {
    const { notes, me } = this.actions.doc;
    if (note.by !== me.id || note.kind !== "interpretation" || groundOf(note, notes)) return null;
    return el("button", { type: "button", class: "wonder", data: { act: "edit" }, text: this.labels.how_do_you_know });
  }

  small(sign, label, act) {
    return el("button", { type: "button", class: "btn sm ic q tiny", "aria-label": label, title: label, data: { act } }, icon(sign));
  }

  clicked(event) {
    const note = this.actions.doc.notes.find((each) => each.id === event.target.closest("li[data-id]")?.dataset.id);
    if (!note) return;
    const { act } = event.target.closest("[data-act]")?.dataset ?? {};
    if (act === "remove") this.actions.removeNote(note);
    else if (act === "edit") this.onEdit(note);
    else this.onOpen(note);
  }
}
