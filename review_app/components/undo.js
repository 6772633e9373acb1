// One stack of changes for a whole shell. Knows nothing of what a change is: each brings its own
// way back and forth and the words that say it.

import { fill } from "./dom.js";

const KEPT = 200;
const SAME_MS = 30_000; // typing on in the same field within this is one change

export class History {
  #done = [];
  #undone = [];
  #turn = Promise.resolve();

  constructor({ labels, announce, now = () => Date.now() }) {
    Object.assign(this, { labels, announce, now });
  }

  /**
   * Remember a change that has been made.
   *
   * `undo` and `redo` may be slow; they run one after the other. Two changes with the same `key`
   * shortly after each other become one, with the older way back.
   */
  did({ say, undo, redo, key = null }) {
    const last = this.#done.at(-1);
    const at = this.now();
    if (key && last?.key === key && at - last.at < SAME_MS) this.#done.splice(-1, 1, { say, undo: last.undo, redo, key, at });
    else this.#done.push({ say, undo, redo, key, at });
    if (this.#done.length > KEPT) this.#done.shift();
    this.#undone.length = 0; // emptied, not replaced: an undo on its way holds on to it
  }

  /** Let undo and redo wait for a change that is on its way, so that a quick hand undoes it too. */
  await(change) {
    this.#turn = this.#turn.then(() => change).catch(() => null);
  }

  undo() {
    return this.#move(this.#done, this.#undone, "undo", "undone", "nothing_to_undo");
  }

  redo() {
    return this.#move(this.#undone, this.#done, "redo", "redone", "nothing_to_redo");
  }

  #move(from, to, way, said, none) {
    this.#turn = this.#turn.then(async () => {
      const change = from.pop();
      if (!change) return this.announce(this.labels[none]);
      if ((await change[way]()) === false) {
        from.push(change); // the server did not take it: it can be tried again
        return null;
      }
      to.push({ ...change, key: null });
      return this.announce(fill(this.labels[said], { what: change.say }));
    });
    return this.#turn;
  }
}
