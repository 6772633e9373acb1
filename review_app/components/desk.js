// The review desk: one shell that lays out film, text, sequences and timeline around one document,
// with one keyboard and one undo. The supervisor chooses here; the caseworker watches and notes.

import { Api, Toasts } from "./api.js";
import { Codes } from "./codes.js";
import { ConcernSheet } from "./concern_sheet.js";
import { DeskActions } from "./desk_actions.js";
import { bindDesk } from "./desk_keys.js";
import { clock, el, fill, replace } from "./dom.js";
import { exportDialog } from "./export_dialog.js";
import { icon } from "./icons.js";
import { Keys } from "./keys.js";
import { Measures } from "./measures.js";
import { meetingDialog } from "./meeting_fields.js";
import { mounting } from "./mounting.js";
import { Composer, NoteList } from "./notes.js";
import { ownTextButton } from "./own_text.js";
import { Picked } from "./picked.js";
import { Player } from "./player.js";
import { Preview } from "./preview.js";
import { releaseDialog } from "./release_dialog.js";
import { SafeguardingList } from "./safeguarding_list.js";
import { Sequences } from "./sequences.js";
import { TextEdits } from "./text_edits.js";
import { Timeline } from "./timeline.js";
import { TrainingDialog } from "./training_dialog.js";
import { Transcript } from "./transcript.js";
import { History } from "./undo.js";
import { isClosed, watchAccess } from "./watch_access.js";
import { WishBar } from "./wish_bar.js";

const REACTION_MS = 400; // how late a hand is when the film runs, unless it says otherwise
const QUIET_MS = 400; // nothing is said about waiting before this
const SAID_MS = 4000;
const CAPTIONS_MS = 1500;
const LEAD_MS = 5000; // what is heard before a turn that is read by itself

export class Desk {
  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, lang: data.lang ?? "da", recording: data.recording, data });
    this.abort = new AbortController();
    this.toasts = new Toasts(data.labels);
    this.api = new Api(data.recording, { labels: data.labels, toasts: this.toasts });
    this.element = el("div", { class: "samspil desk" });
    this.spoken = el("div", { class: "spoken", role: "status", "aria-live": "polite" });
    document.documentElement.lang = this.lang;
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    const waiting = setTimeout(() => replace(this.element, el("div", { class: "state" }, icon("clock"), el("p", { text: this.labels.fetching_desk }))), QUIET_MS);
    try {
      this.doc = await this.api.get("desk", { signal: this.abort.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.refused(error);
      return;
    } finally {
      clearTimeout(waiting);
    }
    this.build();
  }

  /** Say why nothing is shown; what may pass can be tried again. */
  refused(error) {
    const again = el("button", { type: "button", class: "btn p", text: this.labels.try_again, on: { click: () => this.load() } });
    replace(this.element, el("div", { class: `state ${error.passing ? "wait" : "stop"}` }, icon(error.passing ? "warning" : "lock"), el("h1", { class: "h2", text: error.message }), el("p", { text: error.advice }), error.passing ? again : null));
  }

  build() {
    const { labels, lang, api, doc, recording } = this;
    const { signal } = this.abort;
    this.canEdit = doc.me.side === "supervisor";
    this.keys = new Keys({ workspace: this.element, labels, off: this.data.keys_off, remap: this.data.keys });
    this.player = new Player({ recording, labels, lang, keys: this.keys, hasVideo: doc.recording.has_video });
    this.history = new History({ labels, announce: (text) => this.announce(text) });
    this.actions = new DeskActions({ api, history: this.history, labels, doc, changed: () => this.draw() });
    this.transcript = new Transcript({ labels, lang, signal, onPlay: (ms) => this.play(ms) });
    this.timeline = new Timeline({ labels, lang, signal, onSeek: (ms) => this.player.seek(ms), onMarks: () => this.marked(), onOpen: (data) => this.open(data), announce: (text) => this.announce(text), onPhase: this.canEdit ? (id, ms) => this.picked.movePhase(id, ms) : null });
    this.marks = this.timeline.marks;
    this.sequences = new Sequences({ labels, actions: this.actions, marks: this.marks, canEdit: this.canEdit, signal, onOpen: (each) => this.watch(each), onUse: (each) => this.use(each), onDismiss: (each) => this.actions.dismiss(each) });
    this.composer = new Composer({ labels, lang, api, recording, actions: this.actions, player: this.player, signal });
    this.notes = new NoteList({ labels, actions: this.actions, signal, onOpen: (note) => this.play(note.at_ms), onEdit: (note) => this.composer.open(note) });
    this.measures = new Measures({ labels, api, signal, onOpen: (ms) => this.play(ms), agreementUrl: this.data.agreement_url });
    this.picked = new Picked({ labels, actions: this.actions, canEdit: this.canEdit, now: () => this.now(), announce: (text) => this.announce(text) });
    this.concern = new ConcernSheet({ api, recording, labels, lang, host: this.element, now: () => this.player.now_ms, signal });
    this.safeguarding = this.canEdit ? new SafeguardingList({ labels, lang, actions: this.actions, signal, onOpen: (tag) => this.read(tag), onConcern: (tag) => this.concern.open(tag.start_ms) }) : null;
    this.wish = new WishBar({ doc, api, labels, lang, signal, beside: this.concern.button(), onRelease: () => this.askRelease(), onMeeting: () => this.askMeeting() });
    this.edits = new TextEdits({ api, recording, doc, history: this.history, transcript: this.transcript, player: this.player, toasts: this.toasts, labels, lang, host: this.element, announce: (text) => this.announce(text), changed: () => this.textChanged(), signal });
    this.codes = this.canEdit ? new Codes({ labels, actions: this.actions, player: this.player, keys: this.keys, now: () => this.now(), preRoll: () => this.preRoll(), announce: (text) => this.announce(text), onBook: (book) => this.timeline.showBook(book) }) : null;
    this.layOut();
    this.timeline.lookWith(new Preview({ thumbnails: doc.thumbnails, host: this.element, blind: () => this.player.covered, signal }));
    bindDesk(this);
    this.listen(signal);
    this.transcript.show({ ...doc.recording, turns: doc.turns });
    this.timeline.show(doc);
    this.draw();
    this.composer.restore();
    this.edits.begin();
    if (this.data.at_ms) this.player.seek(this.data.at_ms);
    watchAccess({ api, signal, onClosed: (error) => this.close(error) });
  }

  layOut() {
    const { labels, doc, player } = this;
    this.loopButton = el("button", { type: "button", class: "btn sm loop", "aria-pressed": "false", title: `${labels.key_loop} (Q)`, on: { click: () => this.toggleLoop() } });
    player.controls.querySelector(".clock").after(el("span", { class: "muted s num", text: fill(labels.of_time, { total: clock(doc.recording.duration_ms) }) }));
    player.controls.querySelector(".grow").after(this.loopButton);
    const tab = (name, label, after = null) => el("button", { type: "button", role: "tab", id: `tab-${name}`, data: { tab: name }, "aria-selected": "false", on: { click: () => this.show(name) } }, label, after);
    this.noteCount = el("span", { class: "num muted" });
    this.rightTabs = [tab("sequences", labels.lane_sequences), tab("notes", labels.notes, this.noteCount), tab("figures", labels.figures), this.safeguarding && tab("safeguarding", labels.safeguarding, this.safeguarding.count)].filter(Boolean);
    this.right = el("section", { class: "panel pl", "aria-label": labels.sequences, tabindex: "-1" }, el("div", { class: "ph" }, el("div", { class: "tabs2", role: "tablist", "aria-label": labels.sequences_and_notes }, this.rightTabs)), this.sequences.element, this.notes.element, this.measures.element, this.safeguarding?.element);
    const heading = fill(labels.desk_title, { number: doc.recording.number });
    this.narrow = ["text", "chosen", "lanes"].map((name) => el("button", { type: "button", class: "btn sm", "aria-pressed": String(name === "text"), data: { pane: name }, text: labels[`pane_${name}`], on: { click: () => this.showPane(name) } }));
    this.element.dataset.pane = "text";
    this.element.dataset.side = doc.me.side;
    this.timeline.element.querySelector(".hints").before(this.picked.element);
    this.left = el("section", { class: "left", "aria-label": labels.film, tabindex: "-1" }, player.film, player.controls, this.codes?.element, this.composer.element, el("div", { class: "hstack ways" }, this.ownTextButton(), this.copyButton(), this.trainingButton()));
    replace(this.element, el("h1", { class: "sr", text: heading }), this.wish.element, this.left, el("div", { class: "narrow", role: "group", "aria-label": labels.panes }, this.narrow), this.transcript.element, this.right, this.timeline.element, this.toasts.element, this.spoken);
    this.show("sequences");
  }

  /** Return the way to hand in a text that somebody has written. */
  ownTextButton() {
    const { api, labels } = this;
    return ownTextButton({ api, labels, host: () => this.element, onKept: () => this.toasts.show(labels.own_text_kept, { tone: "ok" }) });
  }

  /** Return the way to take a copy out, where the site allows any. */
  copyButton() {
    const { labels, recording } = this;
    const reasons = this.data.export_reasons ?? {};
    if (!Object.keys(reasons).length) return null;
    return el("button", { type: "button", class: "btn sm q copy", text: labels.take_copy, on: { click: () => exportDialog({ recording, labels, reasons, host: this.element }) } });
  }

  /** Return the way to a masked copy for teaching, where the site allows copies. */
  trainingButton() {
    const { api, labels, doc } = this;
    const reasons = this.data.training_reasons ?? {};
    if (!Object.keys(reasons).length) return null;
    const open = () => new TrainingDialog({ api, labels, reasons, sequences: doc.sequences, host: this.element });
    return el("button", { type: "button", class: "btn sm q copy", text: labels.training_copy, on: { click: open } });
  }

  listen(signal) {
    const { player } = this;
    player.addEventListener("time", ({ detail }) => {
      this.transcript.at(detail.now_ms);
      this.timeline.at(detail.now_ms);
      this.composer.show(detail.now_ms);
    }, { signal });
    player.addEventListener("state", () => this.drawLoop(), { signal });
    player.addEventListener("error", ({ detail }) => this.filmFailed(detail.status), { signal });
    player.addEventListener("blocked", () => this.announce(this.labels.click_to_play), { signal });
  }

  draw() {
    this.sequences.draw();
    this.notes.draw();
    this.safeguarding?.draw();
    this.composer.drawKind();
    this.noteCount.textContent = this.doc.notes.length ? ` ${this.doc.notes.length}` : "";
    this.transcript.mark(this.doc.sequences);
    this.timeline.draw();
    this.picked.draw();
    this.wish.drawAction();
    this.drawLoop();
  }

  /** Let what is made from the text follow it; captions a moment after the last correction. */
  textChanged() {
    this.transcript.mark(this.doc.sequences);
    this.timeline.show(this.doc);
    this.timeline.draw();
    clearTimeout(this.captioning);
    this.captioning = setTimeout(() => this.player.freshCaptions(), CAPTIONS_MS);
  }

  drawLoop() {
    const { looping } = this.player;
    const sequence = this.sequences.chosen;
    replace(this.loopButton, icon("loop"), sequence && this.doc.sequences.includes(sequence) ? ` ${fill(this.labels.sequence_n, { number: sequence.order })}` : ` ${this.labels.loop}`);
    this.loopButton.setAttribute("aria-pressed", String(Boolean(looping)));
    this.loopButton.disabled = !looping && !sequence && (this.marks.in_ms === null || this.marks.out_ms === null);
  }

  /** The moment a hand meant: while the film runs, a little before the key came down. */
  now() {
    return Math.max(0, this.player.now_ms - (this.player.playing ? (this.data.reaction_ms ?? REACTION_MS) : 0));
  }

  /** How much earlier a mark begins than what was heard, as this person has chosen. */
  preRoll() {
    return this.player.playing ? (this.data.pre_roll_ms ?? 0) : 0;
  }

  /** Mark a border by key: exactly here on a still picture, at the turn or phase that was heard while it runs. */
  mark(which) {
    const early = which === "in_ms" ? this.preRoll() : 0;
    this.marks.move(which, (this.player.playing ? this.marks.heard(this.now()) : this.now()) - early);
  }

  announce(text) {
    this.spoken.textContent = text;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => replace(this.spoken), SAID_MS);
  }

  play(ms) {
    this.player.seek(ms);
    this.player.play();
  }

  watch(item) {
    if (this.doc.sequences.includes(item)) {
      this.sequences.choose(item);
      this.marks.set(item.start_ms, item.end_ms);
      this.player.loop(item.start_ms, item.end_ms);
    }
    this.transcript.follow();
    this.play(item.start_ms);
  }

  /** Let a turn of the safeguarding list be heard with what came before, ready to be judged. */
  read(tag) {
    this.picked.show("judge_tag", tag);
    this.transcript.follow();
    this.play(Math.max(0, tag.start_ms - LEAD_MS));
  }

  // What was clicked on the timeline or in its list.
  open({ sequence, tag, note, id }) {
    const of = (list, sought) => list.find((each) => each.id === sought);
    const chosen = of(this.doc.sequences, sequence);
    const segment = of(this.doc.segments, id);
    if (chosen) {
      this.show("sequences");
      this.sequences.choose(chosen);
      this.marks.set(chosen.start_ms, chosen.end_ms);
    } else if (tag) this.picked.show("judge_tag", of(this.doc.tags, tag));
    else if (segment) this.picked.show("judge_segment", segment);
    else if (note) this.show("notes");
  }

  marked() {
    this.drawLoop();
  }

  toggleLoop() {
    const { in_ms: start, out_ms: end } = this.marks;
    const sequence = this.sequences.chosen;
    if (this.player.looping) this.player.unloop();
    else if (start !== null && end !== null) this.player.loop(start, end);
    else if (sequence) this.player.loop(sequence.start_ms, sequence.end_ms);
  }

  toggleSnap() {
    this.marks.snapping = !this.marks.snapping;
    this.announce(this.marks.snapping ? this.labels.snap_on : this.labels.snap_off);
  }

  async saveSequence() {
    const { in_ms: start, out_ms: end } = this.marks;
    if (start === null || end === null) {
      this.announce(this.labels.mark_first);
      return;
    }
    const inside = this.doc.tags.filter((each) => each.verdict === "confirmed" && each.start_ms < end && each.end_ms > start);
    await this.add({ start_ms: start, end_ms: end, title: fill(this.labels.sequence_n, { number: this.doc.sequences.length + 1 }), keywords: [...new Set(inside.map((each) => each.label))] });
  }

  use({ start_ms, end_ms, title, kind }) {
    return this.add({ start_ms, end_ms, title, kind: kind || "open_question" });
  }

  async add(fields) {
    const sequence = await this.actions.addSequence(fields);
    if (!sequence) return;
    this.show("sequences");
    this.announce(fill(this.labels.said_sequence, { title: sequence.title }));
    this.sequences.edit(sequence);
  }

  judgeOpen(use) {
    const verdict = use ? "confirmed" : "dismissed";
    const inHand = this.safeguarding?.inHand;
    if (inHand) this.actions.judge("judge_tag", inHand, verdict);
    else if (this.picked.open) this.picked.judge(verdict);
    else if (this.sequences.open?.length && !this.sequences.element.hidden) {
      if (use) this.use(this.sequences.open[0]);
      else this.actions.dismiss(this.sequences.open[0]);
    }
  }

  /** Go to the least sure turn that nobody has been to, and let it be heard. */
  playDoubtful() {
    const ms = this.transcript.nextDoubtful();
    if (ms === null) this.announce(this.labels.none_doubtful);
    else this.play(ms);
  }

  /** Go to where much moves next. */
  seekMovement() {
    const ms = this.timeline.movement.next(this.player.now_ms);
    if (ms === null) this.announce(this.labels.no_more_movement);
    else this.player.seek(ms);
  }

  shift(by) {
    const { chosen } = this.sequences;
    if (chosen) this.actions.moveSequence(chosen, this.doc.sequences.indexOf(chosen) + by);
  }

  remove() {
    const { chosen } = this.sequences;
    if (this.picked.item) this.picked.remove();
    else if (chosen && this.doc.sequences.includes(chosen)) this.actions.removeSequence(chosen);
  }

  visibilityWord(visibility) {
    return { private: this.labels.private, meeting: this.labels.for_meeting, shared: this.labels.shared }[visibility];
  }

  search() {
    this.showPane("text");
    this.transcript.find();
  }

  leave() {
    if (this.picked.item) this.picked.show(null, null);
    else if (this.marks.in_ms !== null || this.marks.out_ms !== null) this.marks.set(null, null);
    else if (this.player.looping) this.player.unloop();
  }

  show(name) {
    for (const each of this.rightTabs) each.setAttribute("aria-selected", String(each.dataset.tab === name));
    this.sequences.element.hidden = name !== "sequences";
    this.notes.show(name === "notes");
    this.safeguarding?.show(name === "safeguarding");
    this.measures.element.hidden = name !== "figures";
    if (name === "figures") this.measures.open();
  }

  showPane(name) {
    this.element.dataset.pane = name;
    for (const each of this.narrow) each.setAttribute("aria-pressed", String(each.dataset.pane === name));
  }

  pane(by) {
    const panes = [[this.left, () => this.player.controls.querySelector("button").focus()], [this.transcript.element, () => this.transcript.enter()], [this.right, () => this.rightTabs[0].focus()], [this.timeline.element, () => this.timeline.toggle.focus()]];
    const active = this.element.getRootNode().activeElement;
    const here = panes.findIndex(([pane]) => pane.contains(active));
    const next = here < 0 ? (by > 0 ? 0 : panes.length - 1) : (here + by + panes.length) % panes.length;
    panes[next][1]();
  }

  askRelease() {
    releaseDialog({ doc: this.doc, labels: this.labels, host: this.element, onRelease: (args) => this.release(args) });
  }

  askMeeting() {
    const { doc, labels, lang, api, actions } = this;
    meetingDialog({ doc, labels, lang, actions, host: this.element, calendar: api.url("meeting.ics") });
  }

  async release(args) {
    if (await this.actions.release(args)) this.announce(this.labels.released);
  }

  filmFailed(status) {
    if (isClosed(status)) this.close();
    else this.toasts.show(this.labels.film_failed, { advice: this.labels.film_failed_advice, tone: "wait" });
  }

  /** Take everything off the screen at once: somebody withdrew, or may no longer look. */
  close(error = null) {
    this.destroyParts();
    const title = el("h1", { class: "h2", tabindex: "-1", text: error?.message || this.labels.closed });
    replace(this.element, el("div", { class: "state stop", role: "alert" }, icon("lock"), title, el("p", { text: error?.advice || this.labels.closed_meaning })));
    this.doc = null;
  }

  destroyParts() {
    this.abort.abort();
    this.player?.destroy();
    this.keys?.destroy();
    clearTimeout(this.quiet);
    clearTimeout(this.captioning);
  }

  destroy() {
    this.destroyParts();
    this.element.remove();
  }
}

export default mounting(Desk);
