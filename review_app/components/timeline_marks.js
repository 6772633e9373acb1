// The in and out marks on the timeline: two handles to drag or move by keys, which snap to the
// borders of turns and phases. Says what was marked; what becomes of it is the caller's.

import { clock, el } from "./dom.js";

const SNAP_PX = 8;
const HEARD_MS = 500; // a hand that marks what it hears is no surer than this
const STEP_MS = 1000;
const FINE_MS = 100;

export class MarkHandles {
  constructor({ timeline, labels, onMarks, signal }) {
    Object.assign(this, { timeline, onMarks, signal });
    this.in_ms = null;
    this.out_ms = null;
    this.snapping = true;
    this.in = this.handle("in_ms", "I", labels.mark_in);
    this.out = this.handle("out_ms", "O", labels.mark_out);
    this.stretch = el("i", { hidden: true }, this.in, this.out);
    timeline.area.prepend(this.stretch);
  }

  handle(which, sign, label) {
    const handle = el("button", { type: "button", class: "handle", role: "slider", "aria-label": label, "aria-valuemin": 0, text: sign });
    const { signal } = this;
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      event.stopPropagation();
    }, { signal });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const ms = this.timeline.msAt(event.clientX);
      this.move(which, event.altKey ? ms : this.snapped(ms));
    }, { signal });
    handle.addEventListener("click", (event) => event.stopPropagation(), { signal });
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(which, this[which] + way * (event.shiftKey ? FINE_MS : STEP_MS));
    }, { signal });
    return handle;
  }

  /** Return the border of a turn or phase that a hand meant while the film ran, else `ms` itself. */
  heard(ms) {
    return this.snapped(ms, { reach: HEARD_MS });
  }

  /** Return the nearest border of a turn or phase within reach, else `ms` itself. */
  snapped(ms, { reach = this.pixel * SNAP_PX } = {}) {
    const { timeline } = this;
    if (!this.snapping) return ms;
    let best = ms;
    let distance = reach;
    for (const item of [...timeline.doc.turns, ...timeline.doc.segments]) {
      for (const border of [item.start_ms, item.end_ms]) {
        if (Math.abs(border - ms) < distance) {
          distance = Math.abs(border - ms);
          best = border;
        }
      }
    }
    return best;
  }

  /** How much of the film a pixel of the timeline stands for, in ms. */
  get pixel() {
    const { timeline } = this;
    return (timeline.to - timeline.from) / (timeline.area.clientWidth || 1);
  }

  move(which, ms) {
    const { length } = this.timeline;
    this[which] = Math.max(0, Math.min(length, Math.round(ms)));
    // A mark that passes the other takes it along: the stretch is never upside down.
    if (this.in_ms !== null && this.out_ms !== null && this.out_ms <= this.in_ms) {
      if (which === "in_ms") this.out_ms = null;
      else this.in_ms = null;
    }
    this.draw();
    this.onMarks(this);
  }

  set(start, end) {
    this.in_ms = start;
    this.out_ms = end;
    this.draw();
    this.onMarks(this);
  }

  draw() {
    const { in_ms: start, out_ms: end, timeline } = this;
    this.stretch.hidden = start === null && end === null;
    if (this.stretch.hidden) return;
    const left = timeline.share(start ?? end);
    const right = timeline.share(end ?? start);
    // Outside the window the stretch is clipped, so that it never covers the lanes' names.
    const from = Math.max(0, Math.min(1, left));
    this.stretch.style.left = `${from * 100}%`;
    this.stretch.style.width = `${(Math.max(0, Math.min(1, right)) - from) * 100}%`;
    this.in.hidden = start === null || left < 0 || left > 1;
    this.out.hidden = end === null || right < 0 || right > 1;
    for (const [handle, ms] of [[this.in, start], [this.out, end]]) {
      handle.setAttribute("aria-valuemax", timeline.length);
      handle.setAttribute("aria-valuenow", ms ?? 0);
      handle.setAttribute("aria-valuetext", clock(ms ?? 0));
    }
  }
}
