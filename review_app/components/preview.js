/**
 * The picture of a moment beside whatever points at it: pointer, finger or keyboard. It knows
 * nothing of what lies under it; the moment and the place are the caller's.
 *
 *   const preview = new Preview({ thumbnails, host, blind: () => player.covered, signal });
 *   preview.along(bar, { msAt: (event) => ms or null, onPick: (ms) => {} });
 *   preview.show(ms, box)       beside a box of the screen
 *   preview.hide()
 *
 * `thumbnails` is the desk document's, null where there is no picture: then the time is shown
 * alone. Sheets are fetched when first pointed at and few are kept; with `signal` all are let go.
 * A finger that draws along the bar looks first, and picks where it is lifted.
 */

import { clock, el } from "./dom.js";

const SHEETS_KEPT = 4;
const GAP_PX = 8;
const DRAWN_PX = 8; // less is a tap

export class Preview {
  #about;
  #blind;
  #signal;
  #sheets = new Map();
  #ms = null;
  #time = el("b", { class: "num" });
  #picture;

  constructor({ thumbnails, host, blind = () => false, signal }) {
    this.#about = thumbnails?.count ? thumbnails : null;
    this.#blind = blind;
    this.#signal = signal;
    const { width = 0, height = 0 } = this.#about ?? {};
    this.#picture = el("canvas", { width, height, hidden: true });
    this.element = el("div", { class: "preview", popover: "manual", "aria-hidden": "true" }, this.#picture, this.#time);
    host.append(this.element);
    signal.addEventListener("abort", () => this.#letGo());
  }

  along(bar, { msAt, onPick }) {
    const options = { signal: this.#signal };
    let from = null;
    const look = (event) => {
      const ms = msAt(event);
      if (ms === null) this.hide();
      else this.show(ms, { ...edges(bar), left: event.clientX, right: event.clientX });
    };
    const leave = () => {
      from = null;
      this.hide();
    };
    bar.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") return;
      from = event.clientX;
      look(event);
    }, options);
    bar.addEventListener("pointermove", look, options);
    bar.addEventListener("pointerup", (event) => {
      if (event.pointerType === "mouse") return;
      const drawn = from !== null && Math.abs(event.clientX - from) > DRAWN_PX;
      leave();
      if (drawn) onPick(msAt(event));
    }, options);
    for (const name of ["pointerleave", "pointercancel"]) bar.addEventListener(name, leave, options);
  }

  show(ms, box) {
    this.#ms = ms;
    this.#time.textContent = clock(ms);
    this.element.showPopover();
    this.#draw(ms);
    this.#place(box);
  }

  hide() {
    this.#ms = null;
    if (this.element.isConnected) this.element.hidePopover();
  }

  #place({ left, right, top, bottom }) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const middle = (left + right) / 2 - width / 2;
    const above = top - height - GAP_PX;
    this.element.style.left = `${Math.max(0, Math.min(window.innerWidth - width, middle))}px`;
    this.element.style.top = `${above < 0 ? bottom + GAP_PX : above}px`;
  }

  async #draw(ms) {
    const about = this.#about;
    this.#picture.hidden = !about || this.#blind();
    if (this.#picture.hidden) return;
    const number = Math.max(0, Math.min(about.count - 1, Math.round(ms / about.every_ms)));
    const { width, height, columns } = about;
    const canvas = this.#picture.getContext("2d");
    canvas.clearRect(0, 0, width, height);
    const sheet = await this.#sheet(Math.floor(number / about.per_sheet));
    if (!sheet || this.#ms !== ms) return;
    const within = number % about.per_sheet;
    const from = [(within % columns) * width, Math.floor(within / columns) * height];
    canvas.drawImage(sheet, ...from, width, height, 0, 0, width, height);
    this.#picture.dataset.number = number;
  }

  /** Return a sheet, the one pointed at last the last to be let go; null if it could not be had. */
  #sheet(number) {
    const sheet = this.#sheets.get(number) ?? this.#fetch(number);
    this.#sheets.delete(number);
    this.#sheets.set(number, sheet);
    if (this.#sheets.size > SHEETS_KEPT) this.#forget(this.#sheets.keys().next().value);
    return sheet;
  }

  async #fetch(number) {
    const { url, ends } = this.#about;
    const range = `bytes=${ends[number - 1] ?? 0}-${ends[number] - 1}`;
    try {
      const answer = await fetch(url, { headers: { Range: range }, credentials: "same-origin", signal: this.#signal });
      if (answer.ok) return await createImageBitmap(await answer.blob());
    } catch {
      // The line is lost, or the page is left: the time alone is shown.
    }
    this.#sheets.delete(number);
    return null;
  }

  #forget(number) {
    const sheet = this.#sheets.get(number);
    this.#sheets.delete(number);
    sheet?.then((image) => image?.close());
  }

  #letGo() {
    [...this.#sheets.keys()].forEach((number) => this.#forget(number));
    this.element.remove();
  }
}

function edges(node) {
  const { top, bottom } = node.getBoundingClientRect();
  return { top, bottom };
}
