// The borders of phases on the timeline: a handle at the beginning of each, to drag. By keys a
// phase is moved where it is picked. Says where it was put; what becomes of it is the caller's.

import { el } from "./dom.js";

/** The phases that count, in order of time. */
export function phasesOf({ segments }) {
  return segments.filter((each) => each.verdict !== "dismissed").sort((a, b) => a.start_ms - b.start_ms);
}

export class PhaseBorders {
  constructor({ timeline, labels, onMove, signal }) {
    Object.assign(this, { timeline, labels, onMove });
    const { lanes } = timeline;
    lanes.addEventListener("pointerdown", (event) => this.taken(event), { signal });
    lanes.addEventListener("pointermove", (event) => this.dragged(event), { signal });
    lanes.addEventListener("pointerup", () => this.put(), { signal });
    lanes.addEventListener("pointercancel", () => this.dropped(), { signal });
  }

  /** The handle at the beginning of a phase. */
  handle() {
    return el("i", { class: "edge", title: this.labels.phase_drag });
  }

  taken(event) {
    if (!event.target.matches(".edge")) return;
    event.preventDefault();
    this.held = event.target.parentElement;
    event.target.setPointerCapture(event.pointerId);
  }

  dragged({ clientX, altKey }) {
    if (!this.held) return;
    const ms = this.timeline.msAt(clientX);
    this.ms = altKey ? ms : this.timeline.marks.snapped(ms);
    this.held.style.left = `${Math.max(0, this.timeline.share(this.ms)) * 100}%`;
  }

  put() {
    const { held, ms } = this;
    this.dropped();
    if (held && ms !== null) this.onMove(held.dataset.id, ms);
  }

  dropped() {
    this.held = null;
    this.ms = null;
  }
}
