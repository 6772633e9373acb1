/**
 * Arithmetic that keeps two films in step. No DOM, no sockets, no timers: numbers in, numbers out.
 *
 *   new Clock()                     how far the server's clock is ahead of ours
 *     .add(c, s1, s2, now)          one ping: sent, received, answered, heard (each in ms)
 *     .offset .rtt .ready .count
 *   target(state, srvNow)           where the film should stand, in ms
 *   correct(driftMs, rate)          {seek, rate}: what to do about a drift (film minus target)
 *   SeekCost                        learns how long a jump takes, so the next one lands right
 *
 * The offset is the mean of the three quickest of the last sixteen answers, because a slow answer
 * has waited in some queue on one way and not on the other. An asymmetric line cannot be seen
 * from here: half of the difference stays as an error.
 */

const KEEP = 16;
const QUICKEST = 3;
const IN_STEP_MS = 15;
const JUMP_MS = 600;
const TIME_CONSTANT_MS = 1000;
const MAX_RATE_CHANGE = 0.1;

export class Clock {
  #samples = [];
  offset = 0;
  rtt = Infinity;

  add(c, s1, s2, now) {
    const rtt = now - c - (s2 - s1);
    this.#samples.push({ rtt, offset: (s1 - c + (s2 - now)) / 2 });
    if (this.#samples.length > KEEP) this.#samples.shift();
    const best = [...this.#samples].sort((a, b) => a.rtt - b.rtt).slice(0, QUICKEST);
    this.offset = best.reduce((sum, sample) => sum + sample.offset, 0) / best.length;
    this.rtt = best[0].rtt;
  }

  get count() {
    return this.#samples.length;
  }

  get ready() {
    return this.#samples.length >= QUICKEST;
  }
}

export function target(state, srvNow) {
  const elapsed = state.playing ? Math.max(0, srvNow - state.at_ms) * state.rate : 0;
  return state.pos_ms + elapsed;
}

export function correct(driftMs, rate) {
  const size = Math.abs(driftMs);
  if (size > JUMP_MS) return { seek: true, rate };
  if (size < IN_STEP_MS) return { seek: false, rate };
  const change = Math.max(-MAX_RATE_CHANGE, Math.min(MAX_RATE_CHANGE, -driftMs / TIME_CONSTANT_MS));
  return { seek: false, rate: rate * (1 + change) };
}

export class SeekCost {
  ms = 150;

  learn(tookMs) {
    this.ms = Math.min(1000, 0.5 * this.ms + 0.5 * Math.max(0, tookMs));
  }
}
