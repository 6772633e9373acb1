// What can be done on the desk: each action changes the document at once, tells the server, and
// can be undone. Draws nothing. If the server refuses, the document goes back to what it was.

import { codeOf } from "./codes.js";
import { clock, fill } from "./dom.js";
import { phasesOf } from "./timeline_phases.js";

const modified = ({ modifier }) => (modifier ? { modifier } : {});

const SHORTEST_MS = 1000; // of a phase

const idOf = (result) => (result && typeof result === "object" ? result.id : result);

// What is brought back by an undo keeps the name the server gave it; what is new has none yet.
const known = (id) => (id.startsWith("new-") ? {} : { id });

function whole({ start_ms, end_ms, title, kind, keywords, prompt, context_ms }) {
  return { start_ms, end_ms, title, kind, keywords, prompt, context_ms };
}

export class DeskActions {
  constructor({ api, history, labels, doc, changed }) {
    Object.assign(this, { api, history, labels, doc, changed });
    this.made = 0;
  }

  // Both ways of a change are the same step with the roles swapped.
  async #step(apply, send, back) {
    apply();
    this.changed();
    try {
      await send();
    } catch {
      back();
      this.changed();
      return false;
    }
    this.changed();
    return true;
  }

  async #make({ say, apply, send, back, unsend, key }) {
    const redo = () => this.#step(apply, send, back);
    const doing = redo();
    this.history.await(doing);
    const done = await doing;
    if (done) this.history.did({ say, key, redo, undo: () => this.#step(back, unsend, apply) });
    return done;
  }

  #intent(name, args) {
    return this.api.intent(name, args);
  }

  #number() {
    this.doc.sequences.forEach((sequence, index) => {
      sequence.order = index + 1;
    });
  }

  // Sequences

  async #sendSequence(sequence) {
    const former = sequence.id;
    sequence.id = idOf(await this.#intent("add_sequence", { ...whole(sequence), ...known(former) }));
    for (const each of [...this.doc.notes, ...this.doc.answers]) if (each.sequence === former) each.sequence = sequence.id;
    if (sequence !== this.doc.sequences.at(-1)) await this.#sendOrder();
  }

  #sendOrder() {
    return this.#intent("reorder_sequences", { ids: this.doc.sequences.map((each) => each.id) });
  }

  /** Add a sequence; return it, or null if the server refused. */
  async addSequence(fields) {
    this.made += 1;
    const sequence = { id: `new-${this.made}`, title: "", kind: "strength", keywords: [], prompt: "", context_ms: 5000, by: this.doc.me.id, ...fields };
    const ways = this.#presence(this.doc.sequences, sequence, (each) => this.#sendSequence(each), (each) => this.#intent("remove_sequence", { id: each.id }));
    const done = await this.#make({ say: fill(this.labels.did_add_sequence, { title: sequence.title }), ...ways });
    return done ? sequence : null;
  }

  removeSequence(sequence) {
    const { apply, send, back, unsend } = this.#presence(this.doc.sequences, sequence, (each) => this.#sendSequence(each), (each) => this.#intent("remove_sequence", { id: each.id }));
    return this.#make({ say: fill(this.labels.did_remove_sequence, { order: sequence.order }), apply: back, send: unsend, back: apply, unsend: send });
  }

  changeSequence(sequence, fields) {
    const before = Object.fromEntries(Object.keys(fields).map((name) => [name, sequence[name]]));
    if (JSON.stringify(before) === JSON.stringify(fields)) return Promise.resolve(true);
    const send = () => this.#intent("change_sequence", { id: sequence.id, ...whole(sequence) });
    return this.#make({
      say: fill(this.labels.did_change_sequence, { order: sequence.order }),
      key: `${sequence.id}:${Object.keys(fields)}`,
      apply: () => Object.assign(sequence, fields),
      back: () => Object.assign(sequence, before),
      send,
      unsend: send,
    });
  }

  /** Move a sequence to another place in the meeting, counted from 0. */
  moveSequence(sequence, to) {
    const all = this.doc.sequences;
    const from = all.indexOf(sequence);
    if (to < 0 || to >= all.length || to === from) return Promise.resolve(false);
    const put = (place) => {
      all.splice(all.indexOf(sequence), 1);
      all.splice(place, 0, sequence);
      this.#number();
    };
    const send = () => this.#sendOrder();
    return this.#make({ say: fill(this.labels.did_move_sequence, { order: from + 1 }), apply: () => put(to), back: () => put(from), send, unsend: send });
  }

  // Being in a list or not: the ways of everything that is added and removed.
  #presence(list, item, add, remove) {
    let place = list.includes(item) ? list.indexOf(item) : list.length;
    return {
      apply: () => {
        list.splice(Math.min(place, list.length), 0, item);
        this.#number();
      },
      back: () => {
        place = list.indexOf(item);
        list.splice(place, 1);
        this.#number();
      },
      send: () => add(item),
      unsend: () => remove(item),
    };
  }

  // Keywords

  addTag(code, start_ms, end_ms) {
    this.made += 1;
    const tag = { id: `new-${this.made}`, book: code.book, code: code.code, modifier: "", label: code.label, start_ms, end_ms, origin: "person", verdict: "confirmed", confidence: 1, reason: "" };
    return this.#make({ say: fill(this.labels.did_keyword, { what: code.label, at: clock(start_ms) }), ...this.#tagWays(tag) });
  }

  #tagWays(tag) {
    const add = async (each) => {
      each.id = idOf(await this.#intent("add_tag", { book: each.book, code: each.code, start_ms: each.start_ms, end_ms: each.end_ms, ...modified(each), ...known(each.id) }));
    };
    return this.#presence(this.doc.tags, tag, add, (each) => this.#intent("remove_tag", { id: each.id }));
  }

  /** Remove an own keyword; a machine's is dismissed, so that it stays dismissed. */
  removeTag(tag) {
    if (tag.origin === "machine") return this.judge("judge_tag", tag, "dismissed");
    const { apply, send, back, unsend } = this.#tagWays(tag);
    return this.#make({ say: fill(this.labels.did_remove_keyword, { what: tag.label }), apply: back, send: unsend, back: apply, unsend: send });
  }

  /** Say what tells a keyword apart from others of its kind; empty takes that back. */
  modifyTag(tag, modifier) {
    const before = tag.modifier;
    const send = () => this.#intent("modify_tag", { id: tag.id, ...modified(tag) });
    return this.#make({
      say: fill(this.labels.did_modify, { what: tag.label }),
      apply: () => Object.assign(tag, { modifier }),
      back: () => Object.assign(tag, { modifier: before }),
      send,
      unsend: send,
    });
  }

  judge(intent, item, verdict) {
    const before = item.verdict ?? "suggested";
    const put = (to) => {
      this.#count(item, to);
      Object.assign(item, { verdict: to });
    };
    return this.#make({
      say: fill(verdict === "dismissed" ? this.labels.did_dismiss : this.labels.did_confirm, { what: item.label ?? item.title }),
      apply: () => put(verdict),
      back: () => put(before),
      send: () => this.#intent(intent, { id: item.id, verdict }),
      unsend: () => this.#intent(intent, { id: item.id, verdict: before }),
    });
  }

  // Phases

  /** The phase before one, where there is one. */
  phaseBefore(phase) {
    const phases = phasesOf(this.doc);
    return phases[phases.indexOf(phase) - 1];
  }

  // What changes a phase resolves to the phase to look at next, to false where the server refused,
  // and to null where there is no room for it.

  /** Let a phase begin elsewhere: the one before ends there. */
  async movePhase(phase, start_ms) {
    const before = this.phaseBefore(phase);
    const from = before ? before.start_ms : 0;
    if (start_ms <= from + SHORTEST_MS || start_ms >= phase.end_ms - SHORTEST_MS) return null;
    return (await this.#arrange(phase, new Map([[phase, { start_ms, verdict: "confirmed" }], ...(before ? [[before, { end_ms: start_ms }]] : [])]))) && phase;
  }

  async namePhase(phase, { phase: name, label }) {
    return (await this.#arrange(phase, new Map([[phase, { phase: name, label, verdict: "confirmed" }]]))) && phase;
  }

  /** Begin a new phase within one. */
  async splitPhase(phase, start_ms) {
    if (start_ms <= phase.start_ms + SHORTEST_MS || start_ms >= phase.end_ms - SHORTEST_MS) return null;
    this.made += 1;
    const added = { ...phase, id: `new-${this.made}`, start_ms, reason: "", verdict: "confirmed" };
    return (await this.#arrange(phase, new Map([[phase, { end_ms: start_ms }]]), { added })) && added;
  }

  /** Let the phase before go on in place of one; the first can only be dismissed. */
  async joinPhase(phase) {
    const before = this.phaseBefore(phase);
    if (!before) return this.judge("judge_segment", phase, "dismissed");
    return (await this.#arrange(phase, new Map([[before, { end_ms: phase.end_ms }]]), { left: phase })) && before;
  }

  // Phases are sent as a whole, so that an undo is the same with what was before.
  #arrange(about, changes, { added = null, left = null } = {}) {
    const { doc } = this;
    const phases = phasesOf(doc);
    const former = new Map(phases.map((each) => [each, { ...each }]));
    const wanted = new Map(phases.filter((each) => each !== left).map((each) => [each, { ...each, ...changes.get(each) }]));
    if (added) wanted.set(added, { ...added });
    const dismissed = doc.segments.filter((each) => each.verdict === "dismissed");
    const put = (all) => {
      for (const [each, { id, ...fields }] of all) Object.assign(each, fields);
      doc.segments.splice(0, doc.segments.length, ...all.keys(), ...dismissed);
    };
    const send = async () => {
      const all = phasesOf(doc);
      const ids = await this.#intent("arrange_phases", { phases: all.map(({ id, start_ms, end_ms, phase, verdict }) => ({ start_ms, end_ms, phase, verdict, ...known(id) })) });
      all.forEach((each, place) => {
        each.id = ids[place];
      });
    };
    return this.#make({ say: fill(this.labels.did_phase, { what: about.label }), apply: () => put(wanted), back: () => put(former), send, unsend: send });
  }

  #codeOf(item) {
    return item.origin === "person" ? undefined : codeOf(this.doc.codes, item);
  }

  #count(item, to) {
    const code = this.#codeOf(item);
    if (!code) return;
    const from = item.verdict ?? "suggested";
    code.judged += (to !== "suggested") - (from !== "suggested");
    code.accepted += (to === "confirmed") - (from === "confirmed");
  }

  /** How often suggestions of an item's keyword were accepted so far; empty before the first. */
  record(item) {
    const code = this.#codeOf(item);
    return code?.judged ? fill(this.labels.accepted_of, code) : "";
  }

  /** Set a machine's suggestion aside: it stands on a keyword, which is dismissed with it. */
  dismiss(suggestion) {
    const tag = this.doc.tags.find((each) => each.id === suggestion.id) ?? suggestion;
    return this.judge("judge_tag", tag, "dismissed");
  }

  /** Whether a suggestion is still open: nobody has judged what it stands on. */
  isOpen(suggestion) {
    const tag = this.doc.tags.find((each) => each.id === suggestion.id) ?? suggestion;
    return (tag.verdict ?? "suggested") === "suggested";
  }

  // Release

  /** Let the caseworker see what was chosen; undone, it is closed again. */
  release(args) {
    const { cycle } = this.doc;
    const before = { ...cycle };
    return this.#make({
      say: this.labels.did_release,
      apply: () => Object.assign(cycle, { released_at: new Date().toISOString() }, agreed(args)),
      back: () => Object.assign(cycle, before),
      send: () => this.#intent("release", args),
      unsend: () => this.#intent("take_back", {}),
    });
  }

  // Meeting

  /** Agree on an hour, or move it; undone, it is what it was. */
  agreeMeeting(args) {
    const { cycle } = this.doc;
    const before = { ...cycle };
    const again = { meeting_at: before.meeting_at, minutes: before.meeting_minutes };
    return this.#make({
      say: this.labels.did_agree_meeting,
      apply: () => Object.assign(cycle, agreed(args)),
      back: () => Object.assign(cycle, before),
      send: () => this.#intent("agree_meeting", args),
      unsend: () => (before.meeting_at ? this.#intent("agree_meeting", again) : this.#intent("call_off_meeting", {})),
    });
  }

  callOffMeeting() {
    const { cycle } = this.doc;
    const before = { ...cycle };
    return this.#make({
      say: this.labels.did_call_off,
      apply: () => Object.assign(cycle, { meeting_at: null, meeting_called_off: before.meeting_at }),
      back: () => Object.assign(cycle, before),
      send: () => this.#intent("call_off_meeting", {}),
      unsend: () => this.#intent("agree_meeting", { meeting_at: before.meeting_at, minutes: before.meeting_minutes }),
    });
  }

  // Notes

  async #sendNote(note) {
    const { at_ms, kind, visibility, text, sequence, rests_on, revision = 0 } = note;
    const result = await this.#intent("write_note", { ...known(note.id), revision, at_ms, kind, visibility, text, sequence, rests_on });
    note.id = idOf(result) ?? note.id;
    note.revision = result?.revision ?? revision + 1;
  }

  addNote(fields) {
    this.made += 1;
    const { me } = this.doc;
    const note = { id: `new-${this.made}`, by: me.id, by_name: me.name, sequence: null, rests_on: null, revision: 0, ...fields };
    return this.#make({ say: fill(this.labels.did_note, { at: clock(note.at_ms) }), ...this.#noteWays(note) });
  }

  #noteWays(note) {
    const remove = async (each) => {
      await this.#intent("remove_note", { id: each.id });
      each.revision = 0; // written again under its id, so that what rests on it finds it
    };
    return this.#presence(this.doc.notes, note, (each) => this.#sendNote(each), remove);
  }

  changeNote(note, fields) {
    const before = Object.fromEntries(Object.keys(fields).map((name) => [name, note[name]]));
    const send = () => this.#sendNote(note);
    return this.#make({ say: fill(this.labels.did_change_note, { at: clock(note.at_ms) }), apply: () => Object.assign(note, fields), back: () => Object.assign(note, before), send, unsend: send });
  }

  removeNote(note) {
    const { apply, send, back, unsend } = this.#noteWays(note);
    return this.#make({ say: fill(this.labels.did_remove_note, { at: clock(note.at_ms) }), apply: back, send: unsend, back: apply, unsend: send });
  }
}

/** How a cycle reads once its hour is agreed on. */
function agreed({ meeting_at: at, minutes }) {
  return at ? { meeting_at: at, meeting_minutes: minutes, meeting_called_off: null } : {};
}
