/**
 * The room's film with what lies on and under it: chip, notices, pointer, transport and track.
 *
 *   const stage = new RoomStage(room);
 *   stage.element, stage.show(), stage.showTime(ms), stage.showPointer(message), stage.point()
 */

import { clock, decimal, el, fill, givenName, replace } from "./dom.js";
import { icon } from "./icons.js";
import { Preview } from "./preview.js";

const POINTER_MS = 4000;
const LABEL_PX = 60; // a time at the track's end, and half the one beside it
const POINTER_EVERY_MS = 80;
const NUDGE = 0.02;
const RATES = [0.5, 0.75, 1];

export class RoomStage {
  pointing = false;
  #room;
  #at = { x: 0.5, y: 0.5 };
  #pointers = new Map();
  #sentAt = 0;
  #noticeKey = "";
  #preview;
  #abort = new AbortController();

  constructor(room) {
    this.#room = room;
    this.chip = el("div", { class: "chip", hidden: true });
    this.notice = el("div", { class: "notice", hidden: true });
    room.player.film.append(this.chip, this.notice);
    this.element = el("section", { class: "stage", tabindex: "-1", "aria-label": room.labels.film }, room.player.film, this.#transport());
    const { doc, player } = room;
    this.#preview = new Preview({ thumbnails: doc.thumbnails, host: this.element, blind: () => player.covered, signal: this.#abort.signal });
    this.#listen();
  }

  /** Let go of everything that is fetched here. */
  destroy() {
    this.#abort.abort();
  }

  show() {
    const { state, labels: l, leads } = this.#room;
    if (!state) return;
    const asked = state.playing || state.waiting_for.length > 0;
    replace(this.playButton, icon(asked ? "pause" : "play"), this.#room.word(asked ? "pause_both" : "play_both"));
    this.rate.hidden = this.#room.isGuest;
    this.rate.textContent = `${decimal(state.rate, this.#room.lang)}×`;
    for (const button of [this.back, this.forward]) button.setAttribute("aria-disabled", String(!leads));
    this.track.setAttribute("aria-disabled", String(!leads));
    this.#showTrack();
    this.#showChip();
    this.showNotice();
  }

  showTime(ms) {
    const { from, to } = this.range;
    const width = this.track.clientWidth; // asked for before anything moves
    const share = Math.min(1, Math.max(0, (ms - from) / (to - from)));
    const begins = this.#share(this.#room.sequence?.start_ms ?? from);
    const ends = this.#share(this.#room.sequence?.end_ms ?? to);
    this.head.style.left = `${share * 100}%`;
    this.done.style.left = `${begins * 100}%`;
    this.done.style.width = `${Math.max(0, Math.min(share, ends) - begins) * 100}%`;
    this.now.textContent = clock(ms);
    if (this.track.matches(":focus-visible") && !this.#room.player.playing) this.#look(ms);
    const beside = Math.min(0.93, Math.max(0.07, share));
    this.now.style.left = `${beside * 100}%`;
    this.from.classList.toggle("covered", beside * width < LABEL_PX);
    this.to.classList.toggle("covered", (1 - beside) * width < LABEL_PX);
    this.track.setAttribute("aria-valuenow", String(Math.round(ms / 1000)));
    this.track.setAttribute("aria-valuetext", clock(ms));
  }

  /** The stretch that the track shows: the sequence with its context. */
  get range() {
    const { sequence, player } = this.#room;
    if (!sequence) return { from: 0, to: Math.max(1, player.duration_ms) };
    return { from: Math.max(0, sequence.start_ms - sequence.context_ms), to: sequence.end_ms + sequence.context_ms };
  }

  point(on = !this.pointing) {
    this.pointing = on;
    this.pointButton.setAttribute("aria-pressed", String(on));
    this.#room.player.film.classList.toggle("pointing", on);
    if (on) this.#sendPointer();
  }

  nudge(dx, dy) {
    this.#at = { x: clamp(this.#at.x + dx * NUDGE), y: clamp(this.#at.y + dy * NUDGE) };
    this.#sendPointer(true);
  }

  showPointer({ by, x, y }) {
    const known = this.#pointers.get(by);
    const mark = known?.mark ?? el("div", { class: "ptr" }, icon("point"), el("b", { text: givenName(this.#room.nameOf(by)) }));
    const picture = this.#picture();
    mark.style.left = `${picture.left + x * picture.width}px`;
    mark.style.top = `${picture.top + y * picture.height}px`;
    if (!known) this.#room.player.film.append(mark);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      mark.remove();
      this.#pointers.delete(by);
    }, POINTER_MS);
    this.#pointers.set(by, { mark, timer });
  }

  /** The one thing that needs saying on the film, if any. */
  showNotice() {
    const { labels: l, lost, state, follower, other, me } = this.#room;
    const name = givenName(other?.name ?? "");
    const waits = state?.waiting_for ?? [];
    if (lost) this.#note("lost", "warning", l.line_lost, l.line_lost_text);
    else if (waits.length) {
      const mine = waits.every((id) => id === me.id);
      const who = givenName(this.#room.nameOf(waits.find((id) => id !== me.id) ?? me.id));
      const title = mine ? l.you_fetch : fill(l.waiting_for, { name: who });
      this.#note(`wait${title}`, "people", title, l.waiting_text, [l.go_on, () => this.#room.link.command("go_on")]);
    } else if (follower.blocked) this.#note("sound", "sound", l.sound_blocked, l.sound_blocked_text, [l.join_with_sound, () => follower.joinWithSound(), true]);
    else if (this.#room.isGuest && state && !this.#room.isHosted) this.#note("alone", "people", fill(l.alone, { name }), l.alone_text_guest);
    else if (!this.#room.isGuest && other && state && !this.#room.present(other.id)) {
      const actions = this.#room.data.answers_url ? [l.see_answers, () => this.#room.open("answers")] : null;
      this.#note("alone", "people", fill(l.alone, { name }), l.alone_text, actions);
    } else this.#note("", "");
  }

  #note(key, sign, title, text, action = null) {
    if (key === this.#noticeKey) return;
    this.#noticeKey = key;
    this.notice.hidden = !key;
    const button = action && el("button", { type: "button", class: action[2] ? "btn p sm" : "btn sm", text: action[0], on: { click: action[1] } });
    replace(this.notice, key && [icon(sign), el("div", {}, el("b", { text: title }), el("p", { text }), button)]);
    if (key) this.#room.say(title);
  }

  #showChip() {
    const { state, labels: l, me } = this.#room;
    const place = clock(state.pos_ms);
    const mine = state.by === me.id;
    const name = givenName(this.#room.nameOf(state.by));
    const words = {
      pause: this.#room.word(mine || !name ? "chip_paused" : "chip_paused_by"),
      seek: mine || !name ? this.#room.word("chip_moved") : l.chip_moved_by,
      sequence_end: l.chip_sequence_end,
      restored: l.chip_restored,
      left: l.chip_left,
      lead: this.#room.word("chip_paused"),
    }[state.why];
    this.chip.hidden = state.playing || state.waiting_for.length > 0 || !words;
    replace(this.chip, icon("pause"), el("span", { text: fill(words, { name, place }) }));
  }

  #showTrack() {
    const { sequence, notes } = this.#room;
    const { from, to } = this.range;
    this.track.setAttribute("aria-valuemin", String(Math.round(from / 1000)));
    this.track.setAttribute("aria-valuemax", String(Math.round(to / 1000)));
    this.track.className = `track ${sequence?.kind ?? ""}`;
    this.frame.style.left = `${this.#share(sequence?.start_ms ?? from) * 100}%`;
    this.frame.style.right = `${(1 - this.#share(sequence?.end_ms ?? to)) * 100}%`;
    this.from.textContent = clock(from);
    this.to.textContent = clock(to);
    const within = notes.shown.filter((note) => note.at_ms >= from && note.at_ms <= to);
    replace(this.ticks, within.map((note) => el("u", { style: { left: `${this.#share(note.at_ms) * 100}%` } })));
    this.showTime(this.#room.player.now_ms);
  }

  #share(ms) {
    const { from, to } = this.range;
    return Math.min(1, Math.max(0, (ms - from) / (to - from)));
  }

  #transport() {
    const { labels: l, player, follower } = this.#room;
    const leading = (run) => () => this.#room.ifLeading(run);
    const quiet = (sign, label, key, run) => el("button", { type: "button", class: "btn sm ic q", "aria-label": label, "aria-keyshortcuts": key, title: `${label} (${key})`, on: { click: run } }, icon(sign));
    this.back = quiet("back", l.back_5, "J", leading(() => player.step(-1)));
    this.forward = quiet("forward", l.forward_5, "L", leading(() => player.step(1)));
    this.playButton = el("button", { type: "button", class: "btn p both", "aria-keyshortcuts": "K", on: { click: () => this.#room.togglePlay() } });
    this.again = el("button", { type: "button", class: "btn sm q", text: l.show_again, "aria-keyshortcuts": "R", title: `${l.show_again} (R)`, on: { click: () => this.#room.showAgain() } });
    this.rate = el("button", { type: "button", class: "btn sm q num", title: l.speed, on: { click: () => this.#nextRate(follower) } });
    this.pointButton = quiet("point", l.point, "P", () => this.point());
    this.pointButton.setAttribute("aria-pressed", "false");
    const captions = quiet("captions", l.captions, "C", () => player.captions());
    const sound = quiet("sound", l.sound, "U", () => player.mute());
    player.addEventListener("state", ({ detail }) => {
      captions.setAttribute("aria-pressed", String(detail.captions));
      replace(captions, icon(detail.captions ? "captions" : "captions_off"));
      sound.setAttribute("aria-pressed", String(!detail.muted));
      replace(sound, icon(detail.muted ? "sound_off" : "sound"));
    });
    for (const button of [captions, sound]) button.classList.add("on-off");
    const full = quiet("full", l.full_screen, "F", () => player.full());
    this.frame = el("b", { class: "frame" });
    this.done = el("i");
    this.head = el("em");
    this.ticks = el("span", { class: "ticks" });
    this.track = el("div", { class: "track", role: "slider", tabindex: "0", "aria-label": l.place_in_film }, this.frame, this.done, this.ticks, this.head);
    this.from = el("span");
    this.to = el("span");
    this.now = el("b", { class: "now" });
    this.track.addEventListener("pointerdown", (event) => this.#seekTo(this.#msAt(event)));
    this.track.addEventListener("focus", () => this.showTime(player.now_ms));
    this.track.addEventListener("blur", () => this.#preview.hide());
    const times = el("div", { class: "times xs muted num", "aria-hidden": "true" }, this.from, this.now, this.to);
    return el("div", { class: "trans", role: "group", "aria-label": l.controls }, this.back, this.playButton, this.forward, el("div", { class: "tr" }, this.track, times), this.again, this.rate, this.pointButton, captions, sound, full);
  }

  #nextRate(follower) {
    const at = RATES.indexOf(this.#room.state?.rate ?? 1);
    follower.steer.rate(RATES[(at + RATES.length - 1) % RATES.length]);
  }

  #seekTo(ms) {
    this.#room.ifLeading(() => this.#room.follower.steer.seek(ms));
  }

  /** Return the moment under a pointer on the track. */
  #msAt({ clientX }) {
    const box = this.track.getBoundingClientRect();
    const { from, to } = this.range;
    return from + clamp((clientX - box.left) / box.width) * (to - from);
  }

  /** Show the picture of where the track stands, for whoever moves it by keys. */
  #look(ms) {
    const { left, width, top, bottom } = this.track.getBoundingClientRect();
    const { from, to } = this.range;
    const x = left + clamp((ms - from) / (to - from)) * width;
    this.#preview.show(ms, { left: x, right: x, top, bottom });
  }

  #listen() {
    this.#preview.along(this.track, { msAt: (event) => this.#msAt(event), onPick: (ms) => this.#seekTo(ms) });
    const { film } = this.#room.player;
    film.addEventListener("pointermove", (event) => {
      if (!this.pointing) return;
      this.#aim(event);
      this.#sendPointer();
    });
    film.addEventListener(
      "click",
      (event) => {
        if (!this.pointing || event.target.closest("button")) return;
        event.stopPropagation();
        this.#aim(event);
        this.#sendPointer(true);
      },
      { capture: true },
    );
  }

  #aim(event) {
    const box = this.#room.player.film.getBoundingClientRect();
    const picture = this.#picture();
    this.#at = { x: clamp((event.clientX - box.left - picture.left) / picture.width), y: clamp((event.clientY - box.top - picture.top) / picture.height) };
  }

  #sendPointer(always = false) {
    const now = performance.now();
    if (!always && now - this.#sentAt < POINTER_EVERY_MS) return;
    this.#sentAt = now;
    this.#room.link.command("pointer", this.#at);
  }

  /** Where the picture lies in its box; the film is never cropped, so there may be edges. */
  #picture() {
    const { video, film } = this.#room.player;
    const box = { width: film.clientWidth, height: film.clientHeight };
    const scale = Math.min(box.width / (video.videoWidth || box.width), box.height / (video.videoHeight || box.height));
    const width = (video.videoWidth || box.width) * scale;
    const height = (video.videoHeight || box.height) * scale;
    return { left: (box.width - width) / 2, top: (box.height - height) / 2, width, height };
  }
}

function clamp(value) {
  return Math.min(1, Math.max(0, value));
}
