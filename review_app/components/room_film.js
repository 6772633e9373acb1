/**
 * Keeps one film where the room says it is. No page: it moves a Player and tells the RoomLink.
 *
 *   const follower = new Follower(player, link);
 *   follower.show(state)      the room's latest state message
 *   follower.steer            for Player: keys and buttons ask the room
 *   follower.joinWithSound()  after the browser has asked for a click
 *   follower.drift_ms         how far ahead of its time the film is while playing, else null
 *   follower.destroy()
 *
 * Events: sound {blocked} when the film had to start without sound, or has it again.
 */

import { Pace, SeekCost, StartCost, target } from "./sync.js";

const LOOP_MS = 50;
const TELL_MS = 1000;
const LATE_START_MS = 400;
const JUMP_EVERY_MS = 1500;
const SAME_PLACE_MS = 40;
const SAME_FRAME_MS = 0.01;

export class Follower extends EventTarget {
  drift_ms = null;
  blocked = false;
  #player;
  #link;
  #state = null;
  #abort = new AbortController();
  #start = 0;
  #loop;
  #cost = new SeekCost();
  #startCost = new StartCost();
  #starting = false;
  #begun = false;
  #standsAt = null; // where the film was put to stand, until it runs again
  #jumpedAt = -Infinity;
  #pace = new Pace();
  #hurry = 0;
  #told = { buffered: null, at: -Infinity };

  constructor(player, link) {
    super();
    this.#player = player;
    this.#link = link;
    const options = { signal: this.#abort.signal };
    player.addEventListener("ready", () => this.#apply(), options);
    player.addEventListener("blocked", () => this.#startSilently(), options);
    for (const name of ["waiting", "playable"]) player.addEventListener(name, () => this.#tellReady(), options);
    player.video.addEventListener("seeked", () => this.#tellReady(), options);
    document.addEventListener("visibilitychange", () => this.#apply(), options);
    link.addEventListener("open", () => this.#forget(), options);
    this.#loop = setInterval(() => this.#follow(), LOOP_MS);
  }

  get steer() {
    return {
      play: () => this.#link.command("play"),
      pause: () => {
        this.#player.pause();
        this.#link.command("pause", { pos_ms: this.#player.now_ms });
      },
      seek: (ms) => this.#link.command("seek", { pos_ms: Math.max(0, Math.round(ms)) }),
      rate: (rate) => this.#link.command("rate", { rate }),
    };
  }

  show(state) {
    this.#state = state;
    this.#told.buffered = null; // the room wants to hear it of this place
    this.#apply();
    this.#tellReady();
  }

  joinWithSound() {
    this.#player.video.muted = false;
    this.#setBlocked(false);
    this.#apply();
  }

  destroy() {
    this.#abort.abort();
    clearInterval(this.#loop);
    clearTimeout(this.#start);
    clearTimeout(this.#hurry);
  }

  #forget() {
    this.#told = { buffered: null, at: -Infinity };
    this.#tellReady();
  }

  #apply() {
    const { video } = this.#player;
    const state = this.#state;
    clearTimeout(this.#start);
    if (!state || !video.duration) return;
    if (!state.playing) this.#begun = false;
    this.#player.setRate(state.rate, this.#agreed);
    this.#ownPace();
    if (!state.playing) {
      this.#stand(state);
      return;
    }
    this.#standsAt = null;
    if (!this.#link.clock.ready) return;
    const wait = state.at_ms - this.#link.srvNow();
    if (wait > 5) {
      if (Math.abs(this.#player.now_ms - state.pos_ms) > SAME_PLACE_MS) this.#player.seek(state.pos_ms);
      this.#starting = true;
      this.#start = setTimeout(() => this.#run(), Math.max(0, wait - this.#startCost.ms));
    } else this.#run();
  }

  /**
   * Everyone stands on the very same place, hence on the same frame. A film that ran is sought even
   * to where it is: paused, Chromium may still show the picture before.
   */
  #stand(state) {
    const { video } = this.#player;
    this.drift_ms = null;
    video.pause();
    const stood = this.#standsAt === state.pos_ms && Math.abs(video.currentTime * 1000 - state.pos_ms) <= SAME_FRAME_MS;
    if (!stood) this.#player.seek(state.pos_ms);
    this.#standsAt = state.pos_ms;
    this.#tellReady();
  }

  #run() {
    const { video } = this.#player;
    if (!this.#state?.playing) return;
    if (video.paused && !video.ended) this.#player.play();
    const place = this.#target();
    if (Math.abs(this.#player.now_ms - place) > 600) this.#jump(place);
  }

  #target() {
    const place = target(this.#state, this.#link.srvNow());
    return this.#state.stop_ms == null ? place : Math.min(place, this.#state.stop_ms);
  }

  #jump(place) {
    const { video } = this.#player;
    const started = performance.now();
    this.#jumpedAt = started;
    this.#player.seek(place + this.#cost.ms * this.#state.pace);
    video.addEventListener("seeked", () => this.#cost.learn(performance.now() - started), { once: true, signal: this.#abort.signal });
  }

  #follow() {
    const { video } = this.#player;
    const state = this.#state;
    this.#tellReady();
    if (!state?.playing || !this.#link.clock.ready || !video.duration) return;
    const now = this.#link.srvNow();
    if (video.paused && now > state.at_ms + LATE_START_MS && !video.ended) {
      this.#run();
      return;
    }
    if (video.seeking || video.paused || video.readyState < 3 || now < state.at_ms) {
      this.#ownPace();
      return;
    }
    const drift = (video.currentTime * 1000 - this.#target()) / state.pace;
    const found = this.#pace.look(drift, performance.now());
    if (!found) return;
    this.drift_ms = found.drift;
    if (this.#starting) this.#startCost.learn(found.drift);
    this.#starting = false;
    this.#begun = true;
    if (found.jump) {
      if (performance.now() - this.#jumpedAt > JUMP_EVERY_MS) this.#jump(this.#target());
    } else if (found.change) {
      video.playbackRate = state.pace * (1 + found.change);
      this.#hurry = setTimeout(() => this.#asAgreed(), found.ms);
    } else this.#asAgreed();
  }

  /** Neither hurry nor dawdle, and look anew at how far off the film is. */
  #ownPace() {
    clearTimeout(this.#hurry);
    this.#asAgreed();
    this.#pace.anew(performance.now());
  }

  #asAgreed() {
    this.#player.video.playbackRate = this.#agreed;
  }

  /** A film starts sooner at a whole rate (in Chromium by 20 ms), and is in no rhythm yet. */
  get #agreed() {
    return this.#begun ? this.#state.pace : this.#state.rate;
  }

  #tellReady() {
    if (!this.#link.open) return;
    const { video } = this.#player;
    const now = performance.now();
    const buffered = !video.seeking && (video.readyState >= 3 || video.ended || (video.readyState >= 2 && atEnd(video)));
    const changed = buffered !== this.#told.buffered;
    const due = this.#state?.playing && now - this.#told.at > TELL_MS;
    if (!changed && !due) return;
    this.#told = { buffered, at: now };
    const drift = this.drift_ms == null ? null : Math.round(this.drift_ms);
    const rtt = Number.isFinite(this.#link.clock.rtt) ? Math.round(this.#link.clock.rtt) : 0;
    this.#link.send({ t: "ready", seq: this.#link.seq, buffered, pos_ms: this.#player.now_ms, drift_ms: drift, rtt_ms: rtt });
  }

  #startSilently() {
    const { video } = this.#player;
    if (video.muted) return;
    video.muted = true;
    this.#setBlocked(true);
    this.#player.play();
  }

  #setBlocked(blocked) {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.dispatchEvent(new CustomEvent("sound", { detail: { blocked } }));
  }
}

function atEnd(video) {
  return video.duration - video.currentTime < 0.2;
}
