// Correcting the text: who speaks, where turns begin, what was said. Each step is the server's,
// which answers what to draw anew; all of them go through the desk's one undo.

import { clock, el, fill, replace } from "./dom.js";
import { TextVersions } from "./text_versions.js";
import { TurnEditor, wordsOf } from "./turn_editor.js";

const SPEAKERS = ["caseworker", "youth", "parent", "other"];

export class TextEdits {
  #turn = Promise.resolve();

  constructor({ api, recording, doc, history, transcript, player, toasts, labels, lang, host, announce, changed, signal }) {
    Object.assign(this, { api, doc, history, transcript, player, toasts, labels, lang, announce, changed });
    const on = { onSave: (turn, text) => this.correct(turn, text), onSplit: (turn, text, word) => this.splitTyped(turn, text, word), onMerge: (turn) => this.mergeTyped(turn), onAside: (again) => this.aside(again) };
    this.editor = new TurnEditor({ api, recording, transcript, labels, lang, signal, ...on });
    this.versions = new TextVersions({ api, doc, transcript, labels, lang, host, edits: this });
    this.tools = el("div", { class: "tools", role: "group", "aria-label": labels.turn_tools });
    transcript.onTurn = () => this.drawTools();
    if (doc.turns.length) replace(transcript.below, this.tools);
  }

  /** Begin, once the text is there: what was being typed before a reload is taken up again. */
  begin() {
    this.drawTools();
    this.editor.writer.restore();
  }

  /** The turn in hand, unless an older version is looked at, which nobody changes. */
  get turn() {
    return this.versions.looking ? null : this.doc.turns[this.transcript.inHand] ?? null;
  }

  // Steps

  name(place) {
    const speaker = SPEAKERS[place];
    return this.#step("name_speaker", this.turn, { speaker }, () => fill(this.labels.did_name_speaker, { what: this.labels[`speaker_${speaker}`], at: clock(this.turn?.start_ms) }));
  }

  swap(place) {
    const speaker = SPEAKERS[place];
    return this.#step("swap_speakers", this.turn, { speaker }, () => fill(this.labels.did_swap_speakers, { what: this.labels[`speaker_${speaker}`], at: clock(this.turn?.start_ms) }));
  }

  split() {
    const { word, current } = this.transcript;
    if (this.turn !== this.doc.turns[current] || word < 1) {
      this.announce(this.labels.split_where);
      return null;
    }
    return this.#step("split_turn", this.turn, { word }, () => this.labels.did_split_turn);
  }

  merge() {
    return this.#step("merge_turns", this.turn, {}, () => this.labels.did_merge_turns);
  }

  edit() {
    if (!this.turn) return;
    this.player.pause();
    this.open(this.turn);
  }

  async open(turn) {
    if (await this.editor.save()) this.editor.open(turn);
  }

  correct(turn, text) {
    return this.#step("correct_turn", turn, { text }, () => fill(this.labels.did_correct_turn, { at: clock(turn.start_ms) }));
  }

  async splitTyped(turn, text, word) {
    const begun = turn.start_ms;
    if (!(await this.editor.save())) return;
    const now = this.doc.turns.find((each) => each.start_ms === begun);
    if (text && now) await this.#step("split_turn", now, { word }, () => this.labels.did_split_turn);
  }

  async mergeTyped(turn) {
    const begun = turn.start_ms;
    if (!(await this.editor.save())) return;
    const now = this.doc.turns.find((each) => each.start_ms === begun);
    if (now) await this.#step("merge_turns", now, {}, () => this.labels.did_merge_turns);
  }

  aside(again) {
    this.toasts.show(this.labels.put_aside, { action: { label: this.labels.take_up_again, run: again } });
  }

  /** Do something to the text that can be undone; steps wait for each other. */
  #step(intent, turn, args, say) {
    if (!turn) return Promise.resolve(false);
    const text = say();
    const doing = this.#turn.then(() => this.#send(intent, { ...args, turn: this.#indexOf(turn) }, turn, text));
    this.#turn = doing;
    this.history.await(doing);
    return doing.then((result) => this.remember(result, text));
  }

  /** Put what was done on the desk's undo. */
  remember(result, say) {
    if (!result) return false;
    if (!result.correction) return true;
    const kept = { correction: result.correction };
    const undo = async () => Boolean(await this.#send("undo_correction", kept));
    const redo = async () => {
      const again = await this.#send("redo_correction", kept);
      if (again) kept.correction = again.correction;
      return Boolean(again);
    };
    this.history.did({ say, undo, redo });
    this.announce(say);
    return true;
  }

  /** Ask the server and draw what it answers; null if it refused, after saying so. */
  async #send(intent, args, turn = null) {
    try {
      return this.show(await this.api.correct(intent, { ...args, revision: this.doc.text.revision }));
    } catch (error) {
      const stored = error.code === "conflict" ? error.body?.stored : null;
      if (!stored) this.toasts.failed(error);
      else this.met(stored, turn);
      return null;
    }
  }

  send(intent, args) {
    return this.#send(intent, args);
  }

  /** Somebody else has been there: show what stands there now, and keep what was typed here. */
  met(stored, turn) {
    const typing = this.editor.turn !== null && this.editor.turn === turn;
    this.show(stored);
    if (typing) this.editor.met(wordsOf(this.editor.turn), stored.by);
    else this.toasts.show(fill(this.labels.other_was_here, { name: stored.by }), { advice: this.labels.other_was_here_advice, tone: "wait" });
  }

  show(result) {
    const { transcript, doc } = this;
    if (this.versions.looking) this.versions.leave();
    const { typing } = this.editor;
    transcript.splice(result.start, result.removed, result.turns);
    if (result.version !== doc.text.version) doc.text.newer = null;
    Object.assign(doc.text, { revision: result.revision, version: result.version });
    this.editor.place(typing);
    this.versions.draw();
    this.drawTools();
    this.changed();
    return result;
  }

  #indexOf(turn) {
    const at = this.doc.turns.indexOf(turn);
    return at >= 0 ? at : Math.max(0, this.doc.turns.findLastIndex((each) => each.start_ms <= turn.start_ms));
  }

  // The row of what can be done, for those who do not use the keys

  drawTools() {
    const { labels, turn } = this;
    const at = turn ? clock(turn.start_ms) : "";
    const drawn = `${at} ${turn?.speaker}`;
    if (drawn === this.drawn) return; // a button that is being pressed stays
    this.drawn = drawn;
    const pressed = (run) => (event) => {
      run();
      if (event.detail) this.transcript.element.focus({ preventScroll: true }); // the mouse leaves it
    };
    const who = SPEAKERS.map((speaker, place) => el("button", { type: "button", class: "btn sm q", "aria-pressed": String(turn?.speaker === speaker), "aria-label": labels[`speaker_${speaker}`], title: `${labels[`speaker_${speaker}`]} (${place + 1})`, disabled: !turn, on: { click: pressed(() => this.name(place)) } }, el("span", { class: `who ${speaker}`, "aria-hidden": "true", text: labels[`letter_${speaker}`] })));
    const tool = (short, label, key, run) => el("button", { type: "button", class: "btn sm q", "aria-label": label, title: `${label} (${key})`, disabled: !turn, on: { click: pressed(run) } }, short);
    const held = this.tools.contains(this.tools.getRootNode().activeElement) ? [...this.tools.querySelectorAll("button")].indexOf(this.tools.getRootNode().activeElement) : -1;
    replace(this.tools, el("span", { class: "num xs muted", text: at }), who, el("span", { class: "grow" }), tool(labels.correct_short, labels.correct_text, "E", () => this.edit()), tool(labels.split_short, labels.split_turn, "S", () => this.split()), tool(labels.merge_short, labels.merge_turn, "M", () => this.merge()));
    if (held >= 0) this.tools.querySelectorAll("button")[held]?.focus();
  }
}
