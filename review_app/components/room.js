/**
 * The joint room: one shell that shows the same moment to everyone in it. Entry module.
 *
 * data: {recording, labels, lang, minutes_url?, answers_url?, consent_url?, home_url?, meeting?}
 * meeting is the origin of the site's own meeting server.
 * triggers: open "minutes" | "answers" | "home"
 *
 * This file puts the parts together and holds what they share; film, head, stage, agenda, notes
 * and line live in the room_*.js beside it.
 */

import { Api, Toasts } from "./api.js";
import { ConcernSheet } from "./concern_sheet.js";
import { el, fill, givenName, replace } from "./dom.js";
import { icon } from "./icons.js";
import { Keys } from "./keys.js";
import { mounting } from "./mounting.js";
import { Player } from "./player.js";
import { RoomAgenda } from "./room_agenda.js";
import { RoomCall } from "./room_call.js";
import { Follower } from "./room_film.js";
import { RoomGroup } from "./room_group.js";
import { RoomHead } from "./room_head.js";
import { RoomLink } from "./room_link.js";
import { RoomNotes } from "./room_notes.js";
import { RoomStage } from "./room_stage.js";

const CLOCK_MS = 10000;
const ROUND_MS = 250;
const OPEN_AGAIN_MS = 2000;

class JointRoom {
  state = null;
  lost = false;
  doc = null;
  #people = [];
  #component;
  #abort = new AbortController();
  #timer = 0;
  #rounds = 0;
  #filmOpens = false;

  constructor(component) {
    this.#component = component;
    this.data = component.data;
    this.labels = component.data.labels;
    this.lang = component.data.lang ?? "da";
    this.toasts = new Toasts(this.labels);
    this.api = new Api(this.data.recording, { labels: this.labels, toasts: this.toasts });
    this.live = el("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.alarm = el("div", { class: "sr", role: "alert" });
    this.main = el("div", { class: "room", role: "main" }, this.#card("clock", "", this.labels.fetching_film, this.labels.fetching_film_text));
    this.root = el("div", { class: "samspil" }, this.main, this.live, this.alarm, this.toasts.element);
    component.parentElement.append(this.root);
    document.documentElement.lang = this.lang;
    this.#load();
  }

  update(component) {
    this.#component = component;
  }

  destroy() {
    this.#abort.abort();
    clearInterval(this.#timer);
    clearInterval(this.#rounds);
    this.follower?.destroy();
    this.stage?.destroy();
    this.player?.destroy();
    this.keys?.destroy();
    this.link?.destroy();
    this.root.remove();
  }

  // What the parts ask

  get me() {
    return this.doc.me;
  }

  get other() {
    const { other } = this.doc;
    return other && { side: this.me.side === "supervisor" ? "caseworker" : "supervisor", ...other };
  }

  get sequence() {
    return this.doc.sequences.find((item) => item.id === this.state?.sequence) ?? this.doc.sequences[0];
  }

  get leads() {
    return !this.isGuest && (!this.state?.leader || this.state.leader === this.me.id);
  }

  get leaderAway() {
    return !this.isGuest && !this.leads && !this.present(this.state.leader);
  }

  get isGuest() {
    return this.me.side === "guest";
  }

  /** Whether others than the two are in it, or rounds are: then words and places are for many. */
  get isGroup() {
    return this.isGuest || Boolean(this.state?.rounds) || this.#people.some((person) => person.side === "guest");
  }

  get isHosted() {
    return this.#people.some((person) => person.side !== "guest");
  }

  get here() {
    return this.#people;
  }

  host(side) {
    return [this.me, this.other, ...(this.doc.people ?? [])].find((person) => person?.side === side);
  }

  present(id) {
    return this.#people.find((person) => person.id === id);
  }

  personOf(id) {
    return [this.me, this.other, ...this.#people, ...(this.doc.people ?? [])].find((person) => person?.id === id);
  }

  /** Take note of who is invited, so that they have a name before and after they are here. */
  invited(guests) {
    const known = new Map([...(this.doc.people ?? []), ...guests].map((person) => [person.id, person]));
    this.doc.people = [...known.values()];
  }

  /** A label, in its form for more than two where there is one. */
  word(name) {
    return (this.isGroup && this.labels[`${name}_all`]) || this.labels[name];
  }

  nameOf(id) {
    return this.personOf(id)?.name ?? "";
  }

  say(text) {
    this.live.textContent = text;
  }

  open(where) {
    this.#component.setTriggerValue?.("open", where);
    const url = this.data[`${where}_url`];
    if (url) location.assign(url);
  }

  // What people do

  togglePlay() {
    const moving = this.state?.playing || this.state?.waiting_for.length;
    if (moving) this.follower.steer.pause();
    else this.follower.steer.play();
  }

  showAgain() {
    this.link.command("play", { again: true });
  }

  choose(sequence) {
    this.link.command("sequence", { sequence });
  }

  /** Do it, or say in one line who leads and how to ask. */
  ifLeading(run) {
    if (this.leads) run();
    else this.toasts.show(fill(this.labels.only_leader, { name: givenName(this.nameOf(this.state.leader)) }), { advice: this.labels.only_leader_advice });
  }

  confirmEnd() {
    if (this.isGuest) return;
    const l = this.labels;
    const close = () => dialog.close();
    const end = async () => {
      close();
      await this.api.intent("end_meeting");
      this.link.send({ t: "end" });
    };
    const dialog = el(
      "dialog",
      { class: "keysheet ends", "aria-labelledby": "end-title", on: { close: () => dialog.remove() } },
      el("h2", { id: "end-title", text: this.word("end_title") }),
      el("p", { text: l.end_text }),
      el("div", { class: "hstack" }, el("button", { type: "button", class: "btn p", text: l.end_and_write, on: { click: () => end().catch(() => {}) } }), el("button", { type: "button", class: "btn", text: l.stay, on: { click: close } })),
    );
    this.main.append(dialog);
    dialog.showModal();
  }

  // Putting it together

  async #load() {
    try {
      this.doc = await this.api.get("room", { signal: this.#abort.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      const again = el("button", { type: "button", class: "btn", text: this.labels.try_again, on: { click: () => this.#load() } });
      replace(this.main, this.#card(error.passing ? "warning" : "lock", error.passing ? "wait" : "stop", error.message, error.advice, error.passing ? again : this.#homeButton()));
      return;
    }
    this.#build();
  }

  #build() {
    const { recording } = this.data;
    this.startedAt = this.doc.cycle?.meeting_at ? new Date(this.doc.cycle.meeting_at) : new Date();
    if (Date.now() < this.startedAt || Date.now() - this.startedAt > 3 * 3600_000) this.startedAt = new Date();
    this.keys = new Keys({ workspace: this.root, labels: this.labels, off: this.data.keys_off, remap: this.data.keys_remap });
    this.link = new RoomLink(recording, { memory: sessionStorage });
    const steer = {
      play: () => this.follower.steer.play(),
      pause: () => this.follower.steer.pause(),
      seek: (ms) => this.ifLeading(() => this.follower.steer.seek(ms)),
      rate: (rate) => this.follower.steer.rate(rate),
    };
    const hasVideo = this.doc.recording.has_video !== false;
    this.player = new Player({ recording, labels: this.labels, lang: this.doc.recording.language ?? this.lang, keys: this.keys, hasVideo, steer, waits: this.isGuest });
    this.follower = new Follower(this.player, this.link);
    this.concern = new ConcernSheet({ api: this.api, recording, labels: this.labels, lang: this.lang, host: this.main, now: () => this.player.now_ms, signal: this.#abort.signal, guest: this.isGuest });
    this.notes = new RoomNotes(this);
    this.call = new RoomCall(this);
    this.group = new RoomGroup(this);
    this.head = new RoomHead(this);
    this.stage = new RoomStage(this);
    this.agenda = new RoomAgenda(this);
    this.side = el("aside", { class: "side", "aria-label": this.labels.agenda_and_notes }, this.call.element, this.agenda.element, this.notes.element, this.notes.agreements, this.agenda.next);
    replace(this.main, this.head.element, this.group.element, this.stage.element, this.agenda.question, this.side);
    this.notes.load(this.doc.notes ?? []);
    this.#listen();
    this.#bindKeys();
    this.#show();
    this.link.connect();
    this.#timer = setInterval(() => this.#showTime(), CLOCK_MS);
    this.#rounds = setInterval(() => this.group.showTime(), ROUND_MS);
  }

  #listen() {
    const heard = {
      state: (message) => this.#stateHeard(message),
      presence: (message) => this.#presenceHeard(message.people),
      note: (message) => this.#noteHeard(message),
      notes: ({ notes }) => this.notes.catchUp(notes),
      note_coming: (message) => this.notes.coming(message),
      note_gone: (message) => this.notes.gone(message),
      note_refused: (message) => this.notes.refused(message),
      typing: (message) => this.notes.typing(message),
      pointer: (message) => this.stage.showPointer(message),
      ended: () => this.#ended(),
    };
    this.link.addEventListener("message", ({ detail }) => heard[detail.t]?.(detail));
    this.link.addEventListener("open", () => this.#line(false));
    this.link.addEventListener("lost", () => this.#line(true));
    this.link.addEventListener("closed", ({ detail }) => this.#closed(detail.reason));
    this.follower.addEventListener("sound", () => this.stage.showNotice());
    this.player.addEventListener("time", ({ detail }) => {
      this.stage.showTime(detail.now_ms);
      this.notes.showTime(detail.now_ms);
    });
    this.player.addEventListener("error", ({ detail }) => {
      if (this.isGuest && detail.status === 403) this.#openFilmLater();
      else if ([401, 403, 404].includes(detail.status)) this.#closed(detail.status === 401 ? "signed_out" : "withdrawn");
    });
  }

  #bindKeys() {
    const l = this.labels;
    const add = (id, keys, label, run, more = {}) => this.keys.add({ id, context: "room", keys, label, run, ...more });
    add("play", ["k", "space"], l.pause_for_all, () => this.togglePlay());
    add("again", ["r"], l.show_again, () => this.showAgain());
    add("note", ["n"], l.write_note, () => this.notes.focus());
    add("point", ["p"], l.point, () => this.stage.point());
    add("lead", ["b"], l.ask_or_give, () => this.head.askOrGive());
    add("concern", ["shift+b"], l.concern_title, () => this.concern.open());
    if (!this.isGuest) add("group", ["g"], l.group_title, () => this.group.dialog.open());
    add("next", ["pagedown"], l.next_sequence, () => this.agenda.goOn());
    add("save_note", ["mod+enter"], l.save_note, () => this.notes.save(), { inFields: true });
    add("panes", ["f6"], l.next_pane, () => this.#nextPane(1), { inFields: true });
    add("panes_back", ["shift+f6"], l.previous_pane, () => this.#nextPane(-1), { inFields: true });
    const aims = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };
    for (const [key, [dx, dy]] of Object.entries(aims)) add(`aim_${key}`, [key], "", () => this.stage.nudge(dx, dy), { repeat: true, when: () => this.stage.pointing });
    add("stop_pointing", ["escape"], "", () => this.stage.point(false), { when: () => this.stage.pointing });
  }

  #nextPane(by) {
    const panes = [this.stage.element, this.agenda.question, this.agenda.element, this.notes.element, this.notes.agreements];
    const active = this.root.getRootNode().activeElement;
    const at = panes.findIndex((pane) => pane.contains(active));
    panes[(at + by + panes.length) % panes.length].focus();
  }

  #stateHeard(state) {
    const before = this.state;
    this.state = state;
    this.follower.show(state);
    if (state.ended) {
      this.#ended();
      return;
    }
    if (before?.sequence !== state.sequence || before?.leader !== state.leader || before?.asked_by !== state.asked_by) this.#show();
    else {
      this.group.show();
      this.stage.show();
    }
    this.call.show();
  }

  #presenceHeard(people) {
    const came = people.filter((person) => person.id !== this.me.id && !this.present(person.id));
    const changed = people.length !== this.#people.length || came.length;
    this.#people = people;
    came.forEach((person) => this.say(fill(this.labels.name_joined, { name: givenName(person.name) })));
    this.#openFilm();
    this.head.show();
    this.group.show();
    if (changed) this.stage.show();
  }

  /** A guest's film opens while one of the two is here, and closes when both have left. */
  #openFilm() {
    if (!this.isGuest || this.#filmOpens || !this.isHosted) return;
    this.#filmOpens = true;
    this.player.open();
  }

  #openFilmLater() {
    this.#filmOpens = false;
    setTimeout(() => this.#openFilm(), OPEN_AGAIN_MS);
  }

  #noteHeard({ note, cid }) {
    this.notes.add(note, cid);
    this.stage.show();
  }

  #line(lost) {
    this.lost = lost;
    this.alarm.textContent = lost ? this.labels.line_lost : "";
    this.head.show();
    this.stage.showNotice();
  }

  #show() {
    this.head.show();
    this.group.show();
    this.agenda.show();
    this.stage.show();
  }

  #showTime() {
    const now = new Date();
    this.head.showTime(now);
    this.agenda.showTime(now);
  }

  #ended() {
    const minutes = () => el("button", { type: "button", class: "btn p", text: this.labels.open_minutes, on: { click: () => this.open("minutes") } });
    const [text, button] = this.isGuest ? [this.labels.ended_text_guest, this.#homeButton()] : [this.labels.ended_text, minutes()];
    this.#leave(this.#card("check", "ok", this.labels.ended, text, button));
    this.say(this.labels.ended);
  }

  /** The film goes in the same second; so does everything that was said about it. */
  #closed(reason) {
    const l = this.labels;
    const out = reason === "signed_out";
    this.notes.forget();
    const [title, text] = out ? [l.signed_out, l.signed_out_text] : this.isGuest ? [l.guest_out, l.guest_out_text] : [l.closed, l.closed_text];
    this.#leave(this.#card("lock", out || this.isGuest ? "" : "stop", title, text, this.#homeButton()));
    this.alarm.textContent = title;
  }

  #leave(card) {
    clearInterval(this.#timer);
    clearInterval(this.#rounds);
    this.main.classList.remove("grouped");
    if (this.isGuest) for (const each of [this.notes, this.concern]) each.forget();
    this.follower.destroy();
    this.stage.destroy();
    this.player.destroy();
    this.keys.destroy();
    this.link.destroy();
    replace(this.main, card);
  }

  #homeButton() {
    return el("button", { type: "button", class: "btn p", text: this.labels.to_recordings, on: { click: () => this.open("home") } });
  }

  #card(sign, tone, title, text, action = null) {
    return el("div", { class: `card state ${tone}` }, icon(sign), el("h1", { class: "cardtitle", text: title }), el("p", { text }), action);
  }
}

export default mounting(JointRoom);
