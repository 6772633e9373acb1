/**
 * Arithmetic that keeps two films in step. No DOM, no sockets, no timers: numbers in, numbers out.
 *
 *   new Clock()                     how far the server's clock is ahead of ours
 *     .add(c, s1, s2, now)          one ping: sent, received, answered, heard (each in ms)
 *     .offset .rtt .ready .count
 *   target(state, srvNow)           where the film should stand, in ms
 *   new Pace()                      what to do about a film that is not where it should be
 *     .anew(now)                    it starts, jumps or stands: earlier looks say nothing
 *     .look(driftMs, now)           how far ahead of its time -> null, or {drift, jump, change,
 *                                   ms}: jump, or play by `change` of its rate faster for so long
 *   SeekCost                        learns how long a jump takes, so the next one lands right
 *   StartCost                       learns how long a film takes from play() to moving, so that the
 *                                   next start is that much earlier; the middle of the last three,
 *                                   because now and then one is far from the others
 *
 * The offset is the mean of the three quickest of the last thirty-two answers, because a slow answer
 * has waited in some queue on one way and not on the other. An asymmetric line cannot be seen
 * from here: half of the difference stays as an error.
 *
 * A film's place is looked at several times before anything is done, and then made up in one go.
 * A browser falls back some milliseconds whenever a film's rate is changed (Chromium about twenty
 * there and back), so a film that is nearly in step is left alone, and what a change has cost is
 * learned and made up with the next.
 */

const KEEP = 32;
const QUICKEST = 3;
const IN_STEP_MS = 4;
const JUMP_MS = 600;
const LOOKS = 8;
const SETTLING_MS = 120;
const NEAR_MS = 50;
const GENTLE_CHANGE = 0.05;
const MOST_CHANGE = 0.1;
const SHORTEST_CHANGE_MS = 100;
const LARGEST_LOSS_MS = 60;

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
  const elapsed = state.playing ? Math.max(0, srvNow - state.at_ms) * state.pace : 0;
  return state.pos_ms + elapsed;
}

export class Pace {
  #looks = [];
  #from = -Infinity;
  #changed = false;
  #loss = 0;

  anew(now) {
    this.#looks = [];
    this.#from = now + SETTLING_MS;
    this.#changed = false;
  }

  look(driftMs, now) {
    if (now < this.#from) return null;
    if (Math.abs(driftMs) > JUMP_MS) return { drift: driftMs, jump: true, change: 0, ms: 0 };
    if (this.#looks.push(driftMs) < LOOKS) return null;
    const drift = this.#looks.reduce((sum, each) => sum + each, 0) / LOOKS;
    this.#looks = [];
    if (this.#changed) this.#loss = Math.max(0, Math.min(LARGEST_LOSS_MS, this.#loss - drift / 2));
    this.#changed = false;
    if (Math.abs(drift) <= IN_STEP_MS) return { drift, jump: false, change: 0, ms: 0 };
    const gain = this.#loss - drift;
    const near = Math.abs(gain) <= NEAR_MS;
    const ms = Math.max(SHORTEST_CHANGE_MS, Math.abs(gain) / (near ? GENTLE_CHANGE : MOST_CHANGE));
    this.#from = now + ms + SETTLING_MS;
    this.#changed = near; // in a long catch-up other things change too
    return { drift, jump: false, change: gain / ms, ms };
  }
}

export class SeekCost {
  ms = 150;

  learn(tookMs) {
    this.ms = Math.min(1000, 0.5 * this.ms + 0.5 * Math.max(0, tookMs));
  }
}

export class StartCost {
  ms = 100;
  #last = [this.ms, this.ms];

  learn(driftMs) {
    const took = Math.min(250, Math.max(0, this.ms - driftMs));
    this.#last = [...this.#last.slice(-2), took];
    this.ms = [...this.#last].sort((a, b) => a - b)[1];
  }
}
