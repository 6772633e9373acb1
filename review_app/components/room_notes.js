/**
 * The shared notes of the room, where both write at once, and what has been agreed so far.
 *
 *   const notes = new RoomNotes(room);
 *   notes.element         the panel with list and writer      notes.agreements   the other panel
 *   notes.load(list)      what was there before                notes.add(note, cid)
 *   notes.catchUp(list)   all there is, after the line was down
 *   notes.coming(message)  another's note that is not kept yet     notes.gone(message)  nor will be
 *   notes.refused(message)  notes.typing(message)  notes.showTime(ms)  notes.focus()  notes.save()
 *   notes.showTurn(listens)  mark whether it is this person's turn to listen
 *   notes.shown           every note, in the order in which they appeared
 *
 * A row never moves once it is there. What is typed is kept by the server's draft 800 ms after the
 * last key, and in sessionStorage until then; it leaves the writer only when the note is sent, and
 * the list only when the server has answered.
 */

import { clock, el, fill, givenName, initials, replace } from "./dom.js";
import { GroundChoice, groundLine, groundOf } from "./ground.js";
import { icon } from "./icons.js";

const DRAFT_MS = 800;
const TYPING_EVERY_MS = 1500;
const TYPING_SHOWN_MS = 4000;
const FIELD = "room_note";
const KINDS = ["seen_heard", "interpretation", "agreement"];

export class RoomNotes {
  shown = [];
  kind = KINDS[0];
  #room;
  #rows = new Map();
  #coming = new Set();
  #typing = new Map();
  #atMs = null;
  #nowMs = 0;
  #draftTimer = 0;
  #typedAt = 0;

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    this.list = el("ol", { class: "notes", tabindex: "0", "aria-label": l.shared_notes });
    this.stamp = el("button", { type: "button", class: "tag you num stamp", title: l.bind_to_now, on: { click: () => this.#bind(this.#nowMs) } });
    this.kinds = el("div", { class: "seg", role: "group", "aria-label": l.note_kind }, KINDS.map((kind) => el("button", { type: "button", data: { kind }, text: l[`note_${kind}`], on: { click: () => this.#choose(kind) } })));
    this.field = el("textarea", { class: "in", rows: "1", maxlength: "4000", autocomplete: "off", on: { input: () => this.#typed(), keydown: (event) => this.#key(event) } });
    this.ground = new GroundChoice({ labels: l, onChange: () => {} });
    this.element = el(
      "section",
      { class: "panel nt", tabindex: "-1", "aria-label": l.shared_notes },
      el("div", { class: "ph" }, el("h2", { class: "grow", text: l.shared_notes }), (this.canWrite = el("span", { class: "xs muted" }))),
      this.list,
      (this.writer = el("div", { class: "cmp" }, (this.turn = el("p", { class: "turn s", hidden: true }, icon("people"), el("span", { text: l.you_listen }))), el("div", { class: "hstack xs" }, this.stamp, this.kinds), this.field, this.ground.element)),
    );
    this.count = el("span", { class: "tag num", text: "0" });
    this.agreed = el("ul", { class: "s" });
    this.agreements = el("section", { class: "panel pln", tabindex: "-1", "aria-label": l.agreements_so_far }, el("div", { class: "ph" }, el("h2", { class: "grow", text: l.agreements_so_far }), this.count), this.agreed);
    this.#choose(this.kind);
    this.showTime(0);
  }

  load(list) {
    const shared = list.filter((note) => note.visibility !== "private");
    shared.sort((a, b) => a.written_at.localeCompare(b.written_at)).forEach((note) => this.add(note, null));
    this.#room.link.unsent.forEach((note) => this.#addUnsent(this.#mine(note)));
    if (this.#room.isGuest) this.#restore(""); // a guest keeps nothing here but in this tab
    else this.#room.api.draft(FIELD).then((text) => this.#restore(text)).catch(() => this.#restore(""));
  }

  /** Mark calmly that it is the others' turn; writing stays open. */
  showTurn(listens) {
    this.canWrite.textContent = this.#room.word("both_can_write");
    this.turn.hidden = !listens;
    this.writer.classList.toggle("listening", listens);
  }

  /** Add what was written while the line was down; what is there stays untouched. */
  catchUp(list) {
    this.#coming.forEach((cid) => this.gone({ cid }));
    const known = (note) => this.shown.some((other) => other.id === note.id && other.revision === note.revision);
    list.filter((note) => !known(note)).forEach((note) => this.add(note, null));
  }

  add(note, cid) {
    const waiting = this.#rows.get(cid);
    if (waiting && this.#rows.has(note.id)) waiting.remove(); // its answer was lost, but not the note
    const row = this.#rows.get(note.id) ?? waiting;
    const fresh = this.#row(note);
    if (row) row.replaceWith(fresh);
    else this.#append(fresh);
    this.#rows.delete(cid);
    this.#coming.delete(cid);
    this.#rows.set(note.id, fresh);
    this.#endTyping(note.by);
    const at = this.shown.findIndex((other) => other.id === note.id);
    if (at >= 0) this.shown[at] = note;
    else this.shown.push(note);
    this.shown.filter((other) => other.rests_on === note.id).forEach((other) => this.#drawAgain(other));
    this.#showGround();
    this.#showAgreed();
    if (cid !== null && note.by !== this.#room.me.id) this.#room.say(fill(this.#room.labels.wrote_note, { name: givenName(note.by_name), place: clock(note.at_ms) }));
  }

  coming({ cid, note }) {
    if (this.#rows.has(cid)) return;
    this.#endTyping(note.by);
    this.#coming.add(cid);
    this.#addUnsent({ ...note, cid });
  }

  gone({ cid }) {
    if (!this.#coming.delete(cid)) return;
    this.#rows.get(cid).remove();
    this.#rows.delete(cid);
  }

  refused({ cid, message, advice }) {
    const kept = this.#room.link.unsent.find((note) => note.cid === cid);
    this.#room.link.settle(cid);
    this.#rows.get(cid)?.remove();
    this.#rows.delete(cid);
    this.#room.toasts.show(message || this.#room.labels.failed, { advice, tone: "wait" });
    if (!kept) return;
    this.field.value = this.field.value ? `${kept.text}\n${this.field.value}` : kept.text;
    this.#atMs = kept.at_ms;
    this.#keepDraft();
    this.#fit();
    this.showTime(this.#nowMs);
  }

  typing({ by, at_ms: atMs }) {
    const l = this.#room.labels;
    const known = this.#typing.get(by);
    clearTimeout(known?.timer);
    const row = known?.row ?? el("li", { class: "live" });
    replace(row, this.#avatar(by), el("div", { class: "grow" }, el("div", { class: "hstack xs muted" }, el("span", { class: "num", text: clock(atMs) }), el("span", { text: l.is_writing }), el("span", { class: "car" }))));
    if (!known) this.#append(row);
    this.#typing.set(by, { row, timer: setTimeout(() => this.#endTyping(by), TYPING_SHOWN_MS) });
  }

  showTime(ms) {
    this.#nowMs = ms;
    const place = clock(this.#atMs ?? ms);
    if (this.stamp.textContent === place) return;
    const l = this.#room.labels;
    this.stamp.textContent = place;
    this.field.placeholder = `${fill(l.write_note_at, { place })}  (N)`;
    this.field.setAttribute("aria-label", fill(l.note_at, { place }));
  }

  focus() {
    this.field.focus();
  }

  /** Take what was being written out of the tab. */
  forget() {
    sessionStorage.removeItem(this.#memory);
  }

  save() {
    const text = this.field.value.trim();
    if (!text) return;
    const { link, sequence } = this.#room;
    const note = { at_ms: this.#atMs ?? this.#nowMs, kind: this.kind, visibility: "shared", text, sequence: sequence?.id ?? null, rests_on: this.ground.value };
    const cid = link.note(note);
    this.#addUnsent(this.#mine({ ...note, cid }));
    this.list.scrollTop = this.list.scrollHeight;
    this.field.value = "";
    this.#atMs = null;
    this.#fit();
    this.#keepDraft();
    if (this.ground.element.matches(":focus-within")) this.focus(); // the list goes with its kind
    this.#choose(KINDS[0]);
    this.showTime(this.#nowMs);
  }

  #drawAgain(note) {
    const row = this.#rows.get(note.id);
    const fresh = this.#row(note);
    row.replaceWith(fresh);
    this.#rows.set(note.id, fresh);
  }

  /** Ask of a thought how one knows, with what has been seen so far to choose from. */
  #showGround(chosen) {
    this.ground.ask(this.kind === "interpretation", { notes: this.shown, at_ms: this.#atMs ?? this.#nowMs, value: chosen });
  }

  #mine(note) {
    const { id, name } = this.#room.me;
    return { ...note, by: id, by_name: name };
  }

  #addUnsent(note) {
    const row = this.#row(note, this.#room.labels.saving);
    row.classList.add("unsent");
    this.#rows.set(note.cid, row);
    this.#append(row);
  }

  #row(note, state = "") {
    const { labels: l, me, follower } = this.#room;
    const seek = () => this.#room.ifLeading(() => follower.steer.seek(note.at_ms));
    const place = el("button", { type: "button", class: "link num", text: clock(note.at_ms), title: l.go_to_place, on: { click: seek } });
    const kind = note.kind === "seen_heard" ? "" : l[`note_${note.kind}`];
    return el(
      "li",
      { class: note.kind },
      this.#avatar(note.by),
      el("div", { class: "grow" }, el("span", { class: "sr", text: note.by === me.id ? l.you : note.by_name }), el("div", { class: "hstack xs muted" }, place, kind && el("span", { text: kind }), state && el("span", { class: "saving", text: state })), groundLine(groundOf(note, this.shown), l), el("p", { text: note.text })),
    );
  }

  #avatar(by) {
    const person = this.#room.personOf(by);
    return el("span", { class: `ava ${person?.side ?? ""}`, "aria-hidden": "true", text: initials(person?.name ?? "") });
  }

  #append(row) {
    const near = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    this.list.append(row);
    if (near) this.list.scrollTop = this.list.scrollHeight;
  }

  #endTyping(by) {
    const known = this.#typing.get(by);
    clearTimeout(known?.timer);
    known?.row.remove();
    this.#typing.delete(by);
  }

  #showAgreed() {
    const agreed = this.shown.filter((note) => note.kind === "agreement");
    this.count.textContent = String(agreed.length);
    replace(this.agreed, agreed.length ? agreed.map((note) => el("li", {}, icon("check"), el("span", { text: note.text }))) : el("li", { class: "muted", text: this.#room.labels.nothing_agreed }));
  }

  #choose(kind) {
    this.kind = kind;
    for (const button of this.kinds.children) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    this.#showGround(null);
    this.#showAgreed();
  }

  #bind(ms) {
    this.#atMs = ms;
    this.showTime(this.#nowMs);
    this.focus();
  }

  #typed() {
    if (!this.field.value) this.#atMs = null;
    else this.#atMs ??= this.#nowMs;
    this.#fit();
    this.showTime(this.#nowMs);
    this.#keepDraft();
    const now = performance.now();
    if (this.field.value && now - this.#typedAt > TYPING_EVERY_MS) {
      this.#typedAt = now;
      this.#room.link.send({ t: "typing", at_ms: this.#atMs });
    }
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      this.save();
    } else if (event.key === "Escape") this.field.blur();
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(140, this.field.scrollHeight + 2)}px`;
  }

  get #memory() {
    return `samspil-draft-${this.#room.data.recording}`;
  }

  #keepDraft() {
    const text = this.field.value;
    sessionStorage.setItem(this.#memory, text);
    clearTimeout(this.#draftTimer);
    if (this.#room.isGuest) return;
    this.#draftTimer = setTimeout(async () => {
      try {
        await this.#room.api.intent("keep_draft", { field: FIELD, text }, { quiet: true });
        if (this.field.value === text) sessionStorage.removeItem(this.#memory);
      } catch {
        // It stays in sessionStorage, and goes with the next letter or at the next visit.
      }
    }, DRAFT_MS);
  }

  #restore(kept) {
    const text = sessionStorage.getItem(this.#memory) || kept;
    if (!text || this.field.value) return;
    this.field.value = text;
    this.#atMs = this.#nowMs;
    this.#fit();
  }
}
