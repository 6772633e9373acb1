// The preparation: the caseworker meets the chosen sequences in peace, one at a time, and writes
// before the meeting. Nothing is sent before it is sent; skipping weighs as much as answering.

import { Api, Toasts } from "./api.js";
import { Answer } from "./answer.js";
import { clock, el, fill, givenName, replace, span } from "./dom.js";
import { icon } from "./icons.js";
import { kindTag } from "./kind.js";
import { Keys } from "./keys.js";
import { lastPlan } from "./last_plan.js";
import { calendarLink, whenTheyMeet } from "./meeting_time.js";
import { mounting } from "./mounting.js";
import { ownSequence } from "./own_sequence.js";
import { Player } from "./player.js";
import { Preview } from "./preview.js";
import { Transcript } from "./transcript.js";
import { isClosed, watchAccess } from "./watch_access.js";

export class Prepare {
  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, lang: data.lang ?? "da", recording: data.recording, data });
    this.abort = new AbortController();
    this.toasts = new Toasts(data.labels);
    this.api = new Api(data.recording, { labels: data.labels, toasts: this.toasts });
    this.element = el("div", { class: "samspil prep" });
    this.leading = false;
    document.documentElement.lang = this.lang;
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    try {
      this.doc = await this.api.get("desk", { signal: this.abort.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.passing ? "warning" : "lock", error.message, error.advice, error.passing ? "wait" : "stop");
      return;
    }
    this.name = givenName(this.doc.other.name);
    if (this.doc.cycle.released_at && this.doc.sequences.length) this.build();
    else this.say("clock", fill(this.labels.not_released_title, { name: this.name }), this.labels.not_released_meaning, "");
  }

  say(sign, title, meaning, tone) {
    replace(this.element, el("div", { class: `state ${tone}`, role: "status" }, icon(sign), el("h1", { class: "h2", text: title }), el("p", { text: meaning })));
  }

  build() {
    const { labels, lang, recording, api, doc } = this;
    const { signal } = this.abort;
    this.keys = new Keys({ workspace: this.element, labels, off: this.data.keys_off, remap: this.data.keys });
    this.player = new Player({ recording, labels, lang, keys: this.keys, hasVideo: doc.recording.has_video });
    this.transcript = new Transcript({ labels, lang, signal, onPlay: (ms) => this.play(ms) });
    this.saved = el("span", { class: "s muted" });
    this.sendButton = el("button", { type: "button", class: "btn", on: { click: () => this.send() } });
    this.banner = el("div", { class: "banner ok", role: "status", hidden: true });
    this.list = el("ol", {});
    this.side = el("section", { class: "ans" });
    this.fillBar = el("i");
    this.head = el("em");
    this.ticks = el("span");
    this.track = el("div", { class: "track", role: "slider", tabindex: "0", "aria-label": labels.place_in_sequence, "aria-valuemin": "0", on: { pointerdown: (event) => this.clickedTrack(event) } }, this.fillBar, this.ticks, this.head);
    this.range = el("span", { class: "s muted num" });
    this.playButton = el("button", { type: "button", class: "btn p", "aria-keyshortcuts": "K", on: { click: () => this.toggle() } });
    const button = (sign, label, run, key) => el("button", { type: "button", class: "btn sm", title: key ? `${label} (${key})` : null, on: { click: run } }, sign ? icon(sign) : null, label, key ? el("kbd", { text: key }) : null);
    this.before = el("button", { type: "button", class: "btn sm ic", "aria-label": labels.see_before, title: labels.see_before, on: { click: () => this.playContext() } }, icon("back"));
    const controls = el("div", { class: "trans" }, this.playButton, this.track, this.range, this.before, button("mark", labels.mark_moment, () => this.mark(), "M"));
    const when = doc.cycle.meeting_at ? whenTheyMeet(doc.cycle, { labels, lang }) : "";
    const dated = doc.cycle.meeting_at || doc.cycle.meeting_called_off;
    const plan = lastPlan({ doc, api, labels, lang, signal });
    const about = [fill(labels.conversation_n, { number: doc.recording.number }), [when, labels.answers_are_yours].filter(Boolean).join(" ")].join(" · ");
    replace(this.element,
      el("div", { class: "hd" }, el("div", { class: "grow" }, el("h1", { text: labels.prepare_title }), el("p", { class: "muted", text: about })), el("div", { class: "hstack" }, this.saved, dated ? calendarLink({ cycle: doc.cycle, labels, calendar: api.url("meeting.ics") }) : null, this.sendButton)),
      this.banner, plan.childElementCount ? el("section", { class: "before", "aria-label": labels.last_plan }, plan) : null,
      el("div", { class: "g" },
        el("nav", { class: "lst", "aria-label": labels.sequences }, this.list, el("button", { type: "button", class: "btn q", on: { click: () => this.own() } }, icon("add"), labels.add_own), el("div", { class: "tip" }, el("b", { text: labels.you_decide }), el("p", { text: fill(labels.you_decide_meaning, { name: this.name }) }))),
        el("section", { class: "mid", "aria-label": labels.film }, this.player.film, controls, this.transcript.element),
        this.side),
      this.toasts.element);
    const preview = new Preview({ thumbnails: doc.thumbnails, host: this.element, blind: () => this.player.covered, signal });
    preview.along(this.track, { msAt: (event) => this.msAt(event), onPick: (ms) => this.player.seek(ms) });
    this.player.addEventListener("time", ({ detail }) => this.at(detail.now_ms), { signal });
    this.player.addEventListener("state", () => this.drawPlay(), { signal });
    this.player.addEventListener("error", ({ detail }) => isClosed(detail.status) && this.close(), { signal });
    this.track.addEventListener("keydown", (event) => this.pressedTrack(event), { signal });
    const add = (id, which, label, run) => this.keys.add({ id, context: "prepare", keys: which, label, run, inFields: which[0].startsWith("alt+") });
    add("moment", ["m"], labels.mark_moment, () => this.mark());
    add("former", ["alt+arrowleft"], labels.former_sequence, () => this.go(-1));
    add("next", ["alt+arrowright"], labels.next_sequence, () => this.go(1));
    watchAccess({ api, signal, onClosed: (error) => this.close(error) });
    this.choose(this.doc.sequences.find((each) => !this.answered(each)) ?? this.doc.sequences[0]);
    this.drawSent();
  }

  answerOf(sequence) {
    return this.doc.answers.find((each) => each.sequence === sequence.id);
  }

  answered(sequence) {
    const answer = this.answerOf(sequence);
    return Boolean(answer && (answer.skipped || answer.seen || answer.thought));
  }

  get index() {
    return this.doc.sequences.indexOf(this.sequence);
  }

  choose(sequence) {
    this.answer?.leave();
    this.sequence = sequence;
    const turns = this.doc.turns.filter((turn) => turn.end_ms > sequence.start_ms && turn.start_ms < sequence.end_ms);
    this.transcript.show({ ...this.doc.recording, turns });
    this.player.loop(sequence.start_ms, sequence.end_ms);
    this.player.seek(sequence.start_ms);
    this.range.textContent = `${clock(sequence.start_ms)} – ${clock(sequence.end_ms)}`;
    this.fillBar.className = sequence.kind;
    this.before.hidden = !sequence.context_ms;
    this.answer = new Answer({ prepare: this, sequence });
    replace(this.side, this.answer.element);
    this.drawList();
    this.drawTicks();
    this.drawPlay();
    this.at(sequence.start_ms);
  }

  drawList() {
    const { labels } = this;
    replace(this.list, this.doc.sequences.map((each) => {
      const here = each === this.sequence;
      const answer = this.answerOf(each);
      const state = here ? el("span", { class: "tag you", text: labels.here }) : answer?.skipped ? el("span", { class: "tag", text: labels.skipped }) : this.answered(each) ? el("span", { class: "tag ok" }, icon("check"), labels.answered) : null;
      return el("li", {}, el("button", { type: "button", class: here ? "on" : "", "aria-current": here ? "true" : null, on: { click: () => this.choose(each) } }, el("b", { class: "num", text: String(each.order) }), el("span", { class: "grow" }, el("b", { text: each.title || labels.untitled }), el("span", { class: "hstack xs" }, kindTag(each.kind, labels), el("span", { class: "muted num", text: span(each.end_ms - each.start_ms) }))), state));
    }));
  }

  drawTicks() {
    const { start_ms: start, end_ms: end, id } = this.sequence;
    replace(this.ticks, this.doc.notes.filter((note) => note.sequence === id).map((note) => el("u", { style: { left: `${((note.at_ms - start) / (end - start)) * 100}%` } })));
    this.answer.drawMoments();
  }

  drawPlay() {
    const { playing } = this.player;
    replace(this.playButton, icon(playing ? "pause" : "play"), playing ? this.labels.pause : this.labels.play_sequence);
  }

  drawSent() {
    const { cycle } = this.doc;
    const { labels, name } = this;
    this.sendButton.textContent = fill(cycle.answers_sent_at ? labels.send_again : labels.send_to, { name });
    this.banner.hidden = !cycle.answers_sent_at;
    if (cycle.answers_sent_at) replace(this.banner, icon("check"), el("span", {}, fill(labels.sent, { name })));
  }

  at(ms) {
    const { start_ms: start, end_ms: end } = this.sequence;
    const share = Math.max(0, Math.min(1, (ms - start) / (end - start)));
    this.fillBar.style.width = `${share * 100}%`;
    this.head.style.left = `${share * 100}%`;
    this.track.setAttribute("aria-valuemax", end - start);
    this.track.setAttribute("aria-valuenow", Math.round(share * (end - start)));
    this.track.setAttribute("aria-valuetext", clock(ms));
    this.transcript.at(ms);
    // Context has been seen: from here the sequence itself goes round again.
    if (this.leading && ms >= start) {
      this.leading = false;
      this.player.loop(start, end);
    }
  }

  play(ms) {
    this.player.seek(ms);
    this.player.play();
  }

  toggle() {
    this.player.toggle();
  }

  playContext() {
    this.leading = true;
    this.player.unloop();
    this.play(this.sequence.start_ms - this.sequence.context_ms);
  }

  clickedTrack(event) {
    this.player.seek(this.msAt(event));
  }

  /** Return the moment of the sequence under a pointer. */
  msAt({ clientX }) {
    const box = this.track.getBoundingClientRect();
    const { start_ms: start, end_ms: end } = this.sequence;
    return start + Math.max(0, Math.min(1, (clientX - box.left) / box.width)) * (end - start);
  }

  pressedTrack(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { start_ms: start, end_ms: end } = this.sequence;
    this.player.seek(Math.max(start, Math.min(end - 1, this.player.now_ms + way * 1000)));
  }

  /** Keep this moment, with the words that are being said, as an own private note. */
  async mark() {
    const at = this.player.now_ms;
    const turn = this.doc.turns.findLast((each) => each.start_ms <= at && each.kind !== "backchannel");
    const near = turn?.words.filter((word) => word[1] > at - 2000 && word[0] < at + 1500).map((word) => word[2]) ?? [];
    const text = near.length ? `”${near.join(" ")}”` : clock(at);
    const note = { at_ms: at, kind: "seen_heard", visibility: "private", text, sequence: this.sequence.id };
    try {
      const result = await this.api.intent("write_note", note);
      this.doc.notes.push({ ...note, id: result?.id ?? result, by: this.doc.me.id });
    } catch {
      return; // said already
    }
    this.drawTicks();
  }

  async unmark(note) {
    try {
      await this.api.intent("remove_note", { id: note.id });
    } catch {
      return;
    }
    this.doc.notes.splice(this.doc.notes.indexOf(note), 1);
    this.drawTicks();
  }

  go(by) {
    const next = this.doc.sequences[this.index + by];
    if (next) this.choose(next);
  }

  own() {
    this.answer.leave();
    this.player.unloop();
    replace(this.side, ownSequence({ prepare: this }));
    this.side.querySelector("h2").focus();
  }

  async send() {
    await this.answer.writer.keep();
    try {
      await this.api.intent("send_answers");
    } catch {
      return;
    }
    this.doc.cycle.answers_sent_at = new Date().toISOString();
    this.drawSent();
  }

  close(error = null) {
    this.destroyParts();
    this.say("lock", error?.message || this.labels.closed, error?.advice || this.labels.closed_meaning, "stop");
  }

  destroyParts() {
    this.abort.abort();
    this.player?.destroy();
    this.keys?.destroy();
  }

  destroy() {
    this.destroyParts();
    this.element.remove();
  }
}

export default mounting(Prepare);
