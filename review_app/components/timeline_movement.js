// The lane that shows where much moves in the picture. It stays folded until a person unfolds it,
// and is then as they left it until the tab is closed: how the desk looks is a matter of the sitting,
// and nothing of a person stays behind in a browser that others use. A place to look and nothing
// more: it is drawn against the film's own most, shows no figures, and knows nobody.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";
const UNKNOWN = 255; // light or camera moved: what people did is not to be told from that
const COLUMNS = 500; // more would be narrower than a pixel; each shows the most of its time
const LEAST = 18; // what changes half a hundredth of the picture is not drawn large
const HIGH = 0.98; // this share of the film's time is lower than what fills the lane
const MUCH = 0.9; // this share has less movement than what is worth a jump
const BRIDGED_MS = 3000; // rests as short as this do not end a stretch
const HERE_MS = 500;

export class MovementLane {
  constructor({ movement, labels, person, onFold }) {
    Object.assign(this, { labels, onFold, every: movement.every_ms });
    this.levels = Uint8Array.from(atob(movement.levels), (sign) => sign.charCodeAt(0));
    const known = this.levels.filter((level) => level !== UNKNOWN).sort();
    const below = (share) => known[Math.floor(share * (known.length - 1))] ?? 0;
    this.top = Math.max(LEAST, below(HIGH));
    this.much = Math.max(LEAST, below(MUCH));
    this.stretches = this.busy();
    this.memory = `samspil-movement-${person}`;
    this.isOpen = sessionStorage.getItem(this.memory) === "open";
    this.button = el("button", { type: "button", class: "btn sm q fold", title: labels.movement_meaning, on: { click: () => this.fold() } });
    this.track = el("div", { class: "lt" });
    this.element = el("div", { class: "lane v" }, el("span", { class: "ll", title: labels.movement_meaning, text: labels.lane_movement }), this.track);
    this.drawButton();
  }

  /** Fold the lane, or unfold it and say what it is for. */
  fold() {
    this.isOpen = !this.isOpen;
    sessionStorage.setItem(this.memory, this.isOpen ? "open" : "folded");
    this.drawButton();
    this.onFold(this.isOpen);
  }

  drawButton() {
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    replace(this.button, icon(this.isOpen ? "chevron_down" : "chevron_right"), this.labels.lane_movement);
  }

  /** Return the lane for a window of the film; nothing while it is folded. */
  in(from, to) {
    if (!this.isOpen) return null;
    const columns = Math.max(1, Math.min(COLUMNS, Math.ceil((to - from) / this.every)));
    const wide = (to - from) / columns;
    const drawn = Array.from({ length: columns }, (_, column) => this.most(from + column * wide, from + (column + 1) * wide));
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${columns} 1`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("class", "mv");
    svg.setAttribute("aria-hidden", "true");
    svg.append(path("unclear", drawn, (level) => (level === UNKNOWN ? 1 : 0)));
    svg.append(path("moves", drawn, (level) => (level === UNKNOWN ? 0 : Math.min(1, level / this.top))));
    replace(this.track, svg);
    return this.element;
  }

  /** Return the highest level in a stretch of time, as far as any is known. */
  most(from, to) {
    const levels = this.levels.subarray(Math.floor(from / this.every), Math.max(Math.floor(from / this.every) + 1, Math.ceil(to / this.every)));
    const known = levels.filter((level) => level !== UNKNOWN);
    return known.length ? Math.max(...known) : levels.length ? UNKNOWN : 0;
  }

  /** Return the stretches in which more moves than in most of the film. */
  busy() {
    const found = [];
    this.levels.forEach((level, place) => {
      if (level === UNKNOWN || level < this.much) return;
      const [start_ms, end_ms] = [place * this.every, (place + 1) * this.every];
      const last = found.at(-1);
      if (last && start_ms - last.end_ms <= BRIDGED_MS) last.end_ms = end_ms;
      else found.push({ start_ms, end_ms });
    });
    return found;
  }

  /** Return where the next such stretch begins; null after the last. */
  next(ms) {
    return this.stretches.find(({ start_ms }) => start_ms > ms + HERE_MS)?.start_ms ?? null;
  }
}

function path(name, levels, height) {
  const shape = document.createElementNS(SVG, "path");
  const steps = levels.map((level, place) => `L${place} ${(1 - height(level)).toFixed(3)}H${place + 1}`);
  shape.setAttribute("class", name);
  shape.setAttribute("d", `M0 1${steps.join("")}V1Z`);
  return shape;
}
