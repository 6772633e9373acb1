/**
 * The film: picture, sound, captions and the keys that move it. Used by desk, prepare and room.
 * It knows nothing of sequences, notes or rooms.
 *
 *   const player = new Player({ recording, labels, lang, keys, hasVideo: true, steer: null });
 *   host.append(player.film, player.controls)      // controls is a plain transport row; optional
 *   player.play() .pause() .toggle() .seek(ms) .setRate(rate, pace) .loop(startMs, endMs) .unloop()
 *   (rate is what people are shown, pace what the film runs at: the same unless told)
 *   player.cover(true)          hide picture and sound (the key H does it too)
 *   player.captions(true) .mute(true) .full() .again()
 *   player.now_ms .duration_ms .playing .rate .looping .covered .video .buffered
 *   player.destroy()            stops, empties the film from memory, removes its keys
 *
 * Events (CustomEvent, values in detail): time {now_ms, playing} while playing at every frame and
 * after each jump; state {playing, rate, covered, captions, muted, looping}; ready {duration_ms};
 * waiting, playable; blocked when the browser asks for a click before sound; error {status}.
 *
 * With `steer` {play(), pause(), seek(ms), rate(rate)} keys and buttons ask that object instead of
 * moving the film, so that a room can move it for everyone; methods still move it directly.
 * Options src and captionsSrc stand in for the recording's own addresses in tests.
 */

import { clock, clockFine, decimal, el, replace, rewrite } from "./dom.js";
import { icon } from "./icons.js";
import { Viewing } from "./viewing.js";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const STEP_MS = 5000;
const SMALL_STEP_MS = 1000;
const FRAME_MS = 40; // until the film has run and shown how long its pictures are
const LONGEST_FRAME_MS = 200;
const JUST_AFTER_MS = 0.001; // at a picture's first instant Chromium may round down to the one before
const AGAIN_MS = 3000;
const FASTER_WITHIN_MS = 700;
const LONGEST_STEP_MS = 20000;

export class Player extends EventTarget {
  looping = null;
  covered = false;
  #labels;
  #lang;
  #steer;
  #src;
  #abort = new AbortController();
  #keys = [];
  #captions = true;
  #rate = 1;
  #step = { at: 0, sign: 0, size: STEP_MS };
  #frame = 0;
  #pendingSeek = null;
  #mutedBefore = false;
  #picture = { at: 0, ms: 0 };
  #beside = null;
  #cueBox;
  #cover;
  #clockBox;
  #rateButton;
  #buttons = {};
  #viewing;

  constructor({ recording, labels, lang = "da", keys = null, hasVideo = true, steer = null, src = null, captionsSrc = null, waits = false }) {
    super();
    const base = `/api/recordings/${encodeURIComponent(recording)}`;
    this.#labels = labels;
    this.#lang = lang;
    this.#src = src ?? `${base}/media`;
    this.#steer = steer;
    this.#build(hasVideo, captionsSrc ?? `${base}/captions.vtt`);
    this.#listen();
    if (keys) this.#bind(keys);
    this.#viewing = new Viewing(this.video, `${base}/viewed`);
    if (!waits) this.video.src = this.#src;
  }

  /** Fetch the film of a player that waits, or fetch it again after it was closed. */
  open() {
    this.video.src = this.#src;
    this.freshCaptions();
  }

  get now_ms() {
    return Math.round(this.#pendingSeek ?? this.video.currentTime * 1000);
  }

  get duration_ms() {
    return Number.isFinite(this.video.duration) ? Math.round(this.video.duration * 1000) : 0;
  }

  get playing() {
    return !this.video.paused && !this.video.ended;
  }

  /** The speed that people chose; a room may play a little off it to keep in step. */
  get rate() {
    return this.#rate;
  }

  /** Whether there is enough film to play on from here. */
  get buffered() {
    return this.video.readyState >= 3;
  }

  async play() {
    try {
      await this.video.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.#tell("blocked");
      else if (error.name !== "AbortError") throw error;
    }
  }

  pause() {
    this.video.pause();
  }

  toggle() {
    const mover = this.#steer ?? this;
    return this.playing ? mover.pause() : mover.play();
  }

  seek(ms) {
    const end = this.duration_ms || Infinity;
    const to = Math.min(end, Math.max(0, ms));
    if (this.video.readyState === 0) this.#pendingSeek = to;
    else this.#stand(to);
  }

  setRate(rate, pace = rate) {
    const changed = rate !== this.#rate;
    this.#rate = rate;
    this.video.playbackRate = pace;
    if (changed) this.#state();
  }

  loop(startMs, endMs) {
    this.looping = { start_ms: startMs, end_ms: endMs };
    if (this.now_ms < startMs || this.now_ms >= endMs) this.seek(startMs);
    this.#state();
  }

  unloop() {
    this.looping = null;
    this.#state();
  }

  cover(on = !this.covered) {
    if (on === this.covered) return;
    this.covered = on;
    if (on) this.#mutedBefore = this.video.muted;
    this.video.muted = on || this.#mutedBefore;
    const show = el("button", { type: "button", class: "btn", on: { click: () => this.cover(false) } }, icon("eye"), this.#labels.show_film);
    replace(this.#cover, on ? el("div", { class: "state" }, icon("eye_off"), el("b", { text: this.#labels.film_hidden }), show) : null);
    this.#cover.hidden = !on;
    this.#state();
  }

  /** Fetch the captions again: the text has been corrected. */
  freshCaptions() {
    const address = new URL(this.track.src);
    address.searchParams.set("fresh", String(Date.now()));
    this.track.src = address.href;
  }

  captions(on = !this.#captions) {
    this.#captions = on;
    this.#showCue();
    this.#state();
  }

  mute(on = !this.video.muted) {
    this.video.muted = on;
    this.#state();
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.film.requestFullscreen?.();
  }

  again() {
    const mover = this.#steer ?? this;
    mover.seek(this.now_ms - AGAIN_MS);
    mover.play();
  }

  /** Move by a step; pressed again soon after, the step doubles up to twenty seconds. */
  step(sign) {
    const now = performance.now();
    const soon = now - this.#step.at < FASTER_WITHIN_MS && this.#step.sign === sign;
    this.#step = { at: now, sign, size: soon ? Math.min(LONGEST_STEP_MS, this.#step.size * 2) : STEP_MS };
    (this.#steer ?? this).seek(this.now_ms + sign * this.#step.size);
  }

  faster(by) {
    const at = RATES.reduce((best, rate, i) => (Math.abs(rate - this.rate) < Math.abs(RATES[best] - this.rate) ? i : best), 0);
    const rate = RATES[Math.min(RATES.length - 1, Math.max(0, at + by))];
    if (this.#steer) this.#steer.rate(rate);
    else this.setRate(rate);
  }

  destroy() {
    this.#viewing.destroy();
    this.#abort.abort();
    this.#keys.forEach((remove) => remove());
    cancelAnimationFrame(this.#frame);
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.replaceChildren();
    this.video.load();
    this.film.remove();
    this.controls.remove();
  }

  #build(hasVideo, captionsSrc) {
    const l = this.#labels;
    this.track = el("track", { kind: "captions", src: captionsSrc, srclang: this.#lang, label: l.captions });
    this.video = el("video", { playsinline: true, preload: "auto", controlslist: "nodownload noremoteplayback", disablepictureinpicture: true, "aria-label": l.film }, this.track);
    this.video.preservesPitch = true;
    this.#cueBox = el("div", { class: "cap" });
    this.#cover = el("div", { class: "cover", hidden: true });
    const sound = hasVideo ? null : el("div", { class: "soundonly" }, icon("sound"));
    this.film = el("div", { class: "film", role: "group", "aria-label": l.film }, this.video, sound, this.#cueBox, this.#cover);
    this.track.track.mode = "hidden";
    this.controls = this.#row();
  }

  #row() {
    const l = this.#labels;
    const button = (name, sign, label, keyText, run, extra = "btn sm ic q") => {
      const node = el("button", { type: "button", class: extra, "aria-label": label, "aria-keyshortcuts": keyText, title: `${label} (${keyText})`, on: { click: run } }, icon(sign));
      this.#buttons[name] = node;
      return node;
    };
    this.#clockBox = el("b", { class: "num clock", text: clock(0) });
    this.#rateButton = el("button", { type: "button", class: "btn sm q num", title: `${l.speed} ([ ])`, on: { click: () => this.#nextRate() } });
    return el(
      "div",
      { class: "trans", role: "group", "aria-label": l.controls },
      button("back", "back", l.back_5, "J", () => this.step(-1)),
      button("play", "play", l.play, "K", () => this.toggle(), "btn ic p"),
      button("forward", "forward", l.forward_5, "L", () => this.step(1)),
      this.#clockBox,
      el("span", { class: "grow" }),
      this.#rateButton,
      button("captions", "captions", l.captions, "C", () => this.captions()),
      button("sound", "sound", l.sound, "U", () => this.mute()),
      button("cover", "eye_off", l.hide_film, "H", () => this.cover()),
      button("full", "full", l.full_screen, "F", () => this.full()),
    );
  }

  #nextRate() {
    this.faster(this.rate >= RATES.at(-1) ? 1 - RATES.length : 1);
  }

  #listen() {
    const on = (node, names, run) => names.split(" ").forEach((name) => node.addEventListener(name, run, { signal: this.#abort.signal }));
    on(this.video, "loadedmetadata", () => this.#ready());
    on(this.video, "play pause volumechange ended", () => this.#state());
    on(this.video, "play", () => this.#tick());
    on(this.video, "seeked timeupdate", () => this.#time());
    on(this.video, "waiting stalled", () => this.#tell("waiting"));
    on(this.video, "canplay playing", () => this.#tell("playable"));
    on(this.video, "error", () => this.#failed());
    on(this.video, "click", () => this.toggle());
    on(this.video, "contextmenu", (event) => event.preventDefault()); // it offers to save the film
    on(this.track.track, "cuechange", () => this.#showCue());
    this.#watchPictures();
  }

  #bind(keys) {
    const l = this.#labels;
    const mover = () => this.#steer ?? this;
    const frame = (sign) => {
      mover().pause();
      this.#beside = this.#besideThis(sign);
      mover().seek(this.#beside);
    };
    const bindings = [
      ["play", ["k", "space"], l.play_pause, () => this.toggle()],
      ["back", ["j"], l.back_5, () => this.step(-1), true],
      ["forward", ["l"], l.forward_5, () => this.step(1), true],
      ["second_back", ["arrowleft"], l.second_back, () => mover().seek(this.now_ms - SMALL_STEP_MS), true],
      ["second_forward", ["arrowright"], l.second_forward, () => mover().seek(this.now_ms + SMALL_STEP_MS), true],
      ["frame_back", [","], l.frame_back, () => frame(-1), true],
      ["frame_forward", ["."], l.frame_forward, () => frame(1), true],
      ["slower", ["["], l.slower, () => this.faster(-1)],
      ["faster", ["]"], l.faster, () => this.faster(1)],
      ["again", ["r"], l.again, () => this.again()],
      ["captions", ["c"], l.captions, () => this.captions()],
      ["sound", ["u"], l.sound, () => this.mute()],
      ["full", ["f"], l.full_screen, () => this.full()],
      ["cover", ["h"], l.hide_film, () => this.cover()],
    ];
    this.#keys = bindings.map(([id, which, label, run, repeat = false]) => keys.add({ id, context: "film", keys: which, label, run, repeat }));
  }

  /** Learn, while the film runs, when the picture on the screen began and how long each stays. */
  #watchPictures() {
    this.video.requestVideoFrameCallback?.((_, { mediaTime }) => {
      const at = mediaTime * 1000;
      const ms = at - this.#picture.at;
      const next = this.playing && ms > 1 && ms < LONGEST_FRAME_MS;
      this.#picture = { at, ms: next ? Math.min(ms, this.#picture.ms || ms) : this.#picture.ms };
      this.#watchPictures();
    });
  }

  /**
   * Return a moment in the middle of the picture beside the one shown. After a step that is one
   * picture on from where it went: of a film that stands, not all browsers tell the picture's begin.
   */
  #besideThis(sign) {
    const { at, ms } = this.#picture;
    if (ms && this.#beside !== null && Math.abs(this.now_ms - this.#beside) <= 1) return this.#beside + sign * ms;
    const shown = ms && this.now_ms >= at - 1 && this.now_ms < at + 2 * ms;
    return shown ? at + (0.5 + sign) * ms : this.now_ms + sign * FRAME_MS;
  }

  #ready() {
    if (this.#pendingSeek != null) {
      this.#stand(this.#pendingSeek);
      this.#pendingSeek = null;
    }
    this.#tell("ready", { duration_ms: this.duration_ms });
    this.#state();
    this.#time();
  }

  #stand(ms) {
    this.video.currentTime = (ms + JUST_AFTER_MS) / 1000;
  }

  #tick() {
    cancelAnimationFrame(this.#frame);
    const next = () => {
      if (!this.playing) return;
      this.#time();
      this.#frame = requestAnimationFrame(next);
    };
    this.#frame = requestAnimationFrame(next);
  }

  #time() {
    const now = this.now_ms;
    const loop = this.looping;
    if (loop && this.playing && now >= loop.end_ms) this.seek(loop.start_ms);
    this.#showCue();
    rewrite(this.#clockBox, this.playing ? clock(now) : clockFine(now, this.#lang));
    this.#tell("time", { now_ms: now, playing: this.playing });
  }

  #state() {
    const l = this.#labels;
    const { play, captions, sound, cover } = this.#buttons;
    play.setAttribute("aria-label", this.playing ? l.pause : l.play);
    replace(play, icon(this.playing ? "pause" : "play"));
    captions.setAttribute("aria-pressed", this.#captions);
    replace(captions, icon(this.#captions ? "captions" : "captions_off"));
    sound.setAttribute("aria-pressed", !this.video.muted);
    replace(sound, icon(this.video.muted ? "sound_off" : "sound"));
    cover.setAttribute("aria-pressed", this.covered);
    this.#rateButton.textContent = `${decimal(this.rate, this.#lang)}×`;
    const detail = { playing: this.playing, rate: this.rate, covered: this.covered, captions: this.#captions, muted: this.video.muted, looping: this.looping };
    this.#tell("state", detail);
  }

  #showCue() {
    const now = this.video.currentTime;
    // activeCues lags behind a jump, so each cue's own times decide.
    const cues = [...(this.track.track.activeCues ?? [])].filter((cue) => cue.startTime <= now && now < cue.endTime);
    const text = this.#captions ? cues.map((cue) => cue.text.replace(/<[^>]*>/g, "")).join("\n") : "";
    if (text !== this.#cueBox.textContent) this.#cueBox.textContent = text;
  }

  async #failed() {
    const response = await fetch(this.#src, { method: "HEAD", credentials: "same-origin" }).catch(() => null);
    this.#tell("error", { status: response?.status ?? 0 });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
