/**
 * What was really played, told to the server for the audit log. No page, no words.
 *
 *   const viewing = new Viewing(video, "/api/recordings/{id}/viewed");
 *   viewing.destroy()         tells the rest and stops
 *
 * It tells every fifteen seconds while the film runs, and at once on pause, at the end and when
 * the page is left. A jump ends a stretch and begins another. What could not be told for want of
 * a line is told with the next; what the server refuses is dropped.
 */

const TELL_MS = 15000;
const FURTHEST_STEP_MS = 1500; // between two looks; more is a jump
const LATEST_LOOK_MS = 300; // how long after a look the film may have run on
const MOST_SPANS = 100;

export class Viewing {
  #video;
  #url;
  #spans = [];
  #from = null;
  #to = 0;
  #seenAt = 0;
  #abort = new AbortController();
  #timer;

  constructor(video, url) {
    this.#video = video;
    this.#url = url;
    const on = (node, names, run) => names.split(" ").forEach((name) => node.addEventListener(name, run, { signal: this.#abort.signal }));
    on(video, "playing seeked", () => this.#begin());
    on(video, "timeupdate", () => this.#look());
    on(video, "seeking waiting", () => this.#cut());
    on(video, "pause ended emptied", () => {
      this.#cut();
      this.#tell(true);
    });
    on(window, "pagehide", () => this.#leave());
    this.#timer = setInterval(() => this.#tellMore(), TELL_MS);
  }

  destroy() {
    this.#abort.abort();
    clearInterval(this.#timer);
    this.#leave();
  }

  get #now() {
    return Math.round(this.#video.currentTime * 1000);
  }

  #begin() {
    if (this.#video.paused || this.#video.seeking) return;
    this.#cut();
    this.#from = this.#to = this.#now;
    this.#seenAt = performance.now();
  }

  #look() {
    if (this.#from === null || this.#video.seeking) return;
    const now = this.#now;
    if (now < this.#to || now - this.#to > FURTHEST_STEP_MS * this.#video.playbackRate) this.#begin();
    this.#to = this.#now;
    this.#seenAt = performance.now();
  }

  /** End the stretch where the film last was, and a little on: it runs between two looks too. */
  #cut() {
    if (this.#from === null) return;
    const since = Math.min(LATEST_LOOK_MS, performance.now() - this.#seenAt) * this.#video.playbackRate;
    const end = Math.round(this.#to + since);
    if (end > this.#from) this.#spans.push([this.#from, end]);
    if (this.#spans.length > MOST_SPANS) this.#tell(false);
    this.#from = null;
  }

  #tellMore() {
    const running = this.#from !== null;
    this.#look();
    this.#cut();
    if (running) this.#begin();
    if (this.#spans.length) this.#tell(false);
  }

  #leave() {
    this.#cut();
    if (this.#spans.length) navigator.sendBeacon(this.#url, new Blob([this.#take(true)], { type: "application/json" }));
  }

  #take(over) {
    const spans = this.#spans;
    this.#spans = [];
    return JSON.stringify({ spans, over });
  }

  async #tell(over) {
    if (!this.#spans.length) return;
    const told = this.#spans;
    const body = this.#take(over);
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(this.#url, { method: "POST", credentials: "same-origin", keepalive: true, headers, body }).catch(() => null);
    if (!answer || answer.status >= 500) this.#spans.unshift(...told);
  }
}
