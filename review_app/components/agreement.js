/**
 * Two people mark the same stretch, each on their own, and then see how far they agree and where
 * they differ. Entry module. data: {recording, labels, lang, desk_url}.
 *
 * Neither gets the other's marks before both have finished: the server does not send them.
 */

import { Api, Toasts } from "./api.js";
import { CodingResult } from "./coding_result.js";
import { CodingSheet } from "./coding_sheet.js";
import { newCoding } from "./new_coding.js";
import { clock, el, fill, givenName, replace } from "./dom.js";
import { icon } from "./icons.js";
import { Keys } from "./keys.js";
import { mounting } from "./mounting.js";
import { Player } from "./player.js";
import { isClosed, watchAccess } from "./watch_access.js";

const LOOK_MS = 5000;

export class Agreement {
  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, lang: data.lang ?? "da", recording: data.recording, data });
    this.abort = new AbortController();
    this.toasts = new Toasts(data.labels);
    this.api = new Api(data.recording, { labels: data.labels, toasts: this.toasts });
    this.element = el("div", { class: "samspil agr" });
    this.chosen = null;
    document.documentElement.lang = this.lang;
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    try {
      this.doc = await this.api.get("codings", { signal: this.abort.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.say(error);
      return;
    }
    this.name = givenName(this.doc.other.name);
    this.build();
    this.choose(this.doc.codings.at(-1)?.id ?? null);
  }

  say({ message, advice, passing }) {
    replace(this.element, el("div", { class: `state ${passing ? "wait" : "stop"}`, role: "alert" }, icon(passing ? "warning" : "lock"), el("h1", { class: "h2", text: message }), el("p", { text: advice })));
  }

  build() {
    const { labels, lang, recording, api, doc } = this;
    const { signal } = this.abort;
    this.keys = new Keys({ workspace: this.element, labels });
    this.player = new Player({ recording, labels, lang, keys: this.keys, hasVideo: doc.recording.has_video });
    this.player.addEventListener("error", ({ detail }) => isClosed(detail.status) && this.close(), { signal });
    this.list = el("ul", {});
    this.main = el("section", { class: "main", tabindex: "-1", "aria-label": labels.agreement_title });
    const back = this.data.desk_url ? el("a", { class: "btn q", href: this.data.desk_url, target: "_self" }, icon("back"), labels.to_desk) : null;
    replace(this.element,
      el("div", { class: "hd" }, el("div", { class: "grow" }, el("h1", { text: labels.agreement_title }), el("p", { class: "muted", text: fill(labels.agreement_meaning, { name: this.name }) })), back),
      el("div", { class: "g" },
        el("div", { class: "left" }, el("section", { "aria-label": labels.film }, this.player.film, this.player.controls), el("nav", { class: "lst", "aria-label": labels.stretches }, el("h2", { text: labels.stretches }), this.list, el("button", { type: "button", class: "btn sm", disabled: !doc.has_text, on: { click: () => this.choose(null) } }, icon("add"), labels.new_stretch))),
        this.main),
      this.toasts.element);
    watchAccess({ api, signal, onClosed: (error) => this.close(error) });
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Fetch anew while something is awaited: that the other finishes, or the figures. */
  async look() {
    if (!this.doc.codings.some((each) => each.finished && !each.figures)) return;
    await this.refresh();
  }

  async refresh() {
    try {
      this.doc = await this.api.get("codings", { signal: this.abort.signal });
    } catch {
      return; // watchAccess tells if it is closed; else the next look
    }
    this.draw();
  }

  choose(id) {
    this.chosen = id;
    this.drawn = null;
    this.draw();
  }

  draw() {
    const { labels, doc } = this;
    replace(this.list, doc.codings.map((each) => el("li", {}, el("button", { type: "button", class: each.id === this.chosen ? "on" : "", "aria-current": each.id === this.chosen ? "true" : null, on: { click: () => this.choose(each.id) } }, el("b", { class: "num", text: `${clock(each.start_ms)}–${clock(each.end_ms)}` }), el("span", { class: "s muted", text: this.standing(each) })))));
    if (!doc.codings.length) replace(this.list, el("li", { class: "s muted", text: doc.has_text ? labels.no_stretches : labels.no_text_yet }));
    const coding = doc.codings.find((each) => each.id === this.chosen) ?? null;
    const state = JSON.stringify(coding && [coding.id, coding.finished, coding.theirs !== null, Boolean(coding.figures)]);
    if (state === this.drawn) return; // what somebody is marking is left alone
    this.drawn = state;
    replace(this.main, coding ? this.stretch(coding) : doc.has_text ? this.begin() : null);
  }

  standing(each) {
    const { labels, name } = this;
    if (each.theirs !== null) return labels.both_finished;
    if (each.finished) return fill(labels.waits_for, { name });
    return each.other_finished ? fill(labels.waits_for_you, { name }) : labels.to_be_marked;
  }

  /** Return what there is of a stretch, and that the text is not any more as it is marked. */
  stretch(coding) {
    const older = coding.corrected_since ? el("p", { class: "banner", role: "note", text: this.labels.corrected_since }) : null;
    return [older, this.part(coding)].flat();
  }

  part(coding) {
    const { labels, lang, name } = this;
    const play = (ms) => this.play(ms);
    if (coding.theirs !== null) return new CodingResult({ coding, codes: coding.codes, labels, lang, name, onPlay: play }).element;
    if (coding.finished) return el("div", { class: "state" }, icon("clock"), el("h2", { text: labels.you_finished }), el("p", { text: fill(labels.you_finished_meaning, { name }) }), this.dropButton(coding));
    const sheet = new CodingSheet({ coding, codes: coding.codes, labels, onPlay: play, save: (marks) => this.api.intent("mark_turns", { id: coding.id, marks }), finish: () => this.ask("finish_coding", { id: coding.id }) });
    return [sheet.element, this.dropButton(coding)];
  }

  dropButton(coding) {
    if (!coding.may_drop) return null;
    return el("button", { type: "button", class: "btn sm q", on: { click: () => this.drop(coding) } }, icon("erase"), this.labels.drop_stretch);
  }

  begin() {
    const { labels, doc, name } = this;
    return newCoding({ books: doc.books, labels, name, now: () => this.player.now_ms, longest: doc.recording.duration_ms, onBegin: (args) => this.begun(args) });
  }

  async begun(args) {
    const id = await this.ask("begin_coding", args);
    if (id) this.choose(id);
  }

  async drop(coding) {
    await this.ask("drop_coding", { id: coding.id });
    this.choose(this.doc.codings.at(-1)?.id ?? null);
  }

  async ask(intent, args) {
    let result = null;
    try {
      result = await this.api.intent(intent, args);
    } catch {
      return null; // the toast has said why
    }
    await this.refresh();
    this.main.focus();
    return result;
  }

  play(ms) {
    this.player.seek(ms);
    this.player.play();
  }

  /** Take everything off the screen at once: somebody withdrew, or may no longer look. */
  close(error = null) {
    this.destroyParts();
    this.say({ message: error?.message || this.labels.closed, advice: error?.advice || this.labels.closed_meaning });
    this.doc = null;
  }

  destroyParts() {
    this.abort.abort();
    clearInterval(this.timer);
    this.player?.destroy();
    this.keys?.destroy();
  }

  destroy() {
    this.destroyParts();
    this.element.remove();
  }
}

export default mounting(Agreement);
