// The figures of the conversation: each with its range, what it rests on, how it is counted, and
// where in the film to see it. Fetched when somebody first looks; counted again when they no longer fit.

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const LOOK_MS = 1500;
const PATIENCE = 60; // looks, after which nobody is left waiting

export class Measures {
  constructor({ labels, api, signal, onOpen, agreementUrl }) {
    Object.assign(this, { labels, api, signal, onOpen, agreementUrl });
    this.shown = null;
    this.status = el("p", { class: "s muted", role: "status" });
    this.body = el("div", { class: "vstack" });
    this.element = el("section", { class: "ms", "aria-label": labels.figures, tabindex: "-1", hidden: true }, this.status, this.body);
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** Show what there is and have it counted if that does not fit any more. */
  async open() {
    if (this.waiting) return;
    if (!this.shown) this.status.textContent = this.labels.figures_fetching;
    if (!(await this.fetch()) || this.shown.fresh) return;
    try {
      await this.api.intent("count_figures");
    } catch {
      return; // the desk has said so
    }
    this.waiting = PATIENCE;
    this.status.textContent = this.labels.figures_counting;
    this.look();
  }

  look() {
    this.timer = setTimeout(async () => {
      this.waiting -= 1;
      const answered = await this.fetch({ quiet: true });
      if (answered && this.shown.fresh) this.waiting = 0;
      else if (this.waiting > 0 && !this.signal.aborted) return this.look();
      this.status.textContent = this.shown?.fresh ? this.labels.figures_ready : this.labels.figures_late;
    }, LOOK_MS);
  }

  async fetch({ quiet = false } = {}) {
    try {
      this.shown = await this.api.get("measures", { signal: this.signal });
    } catch (error) {
      if (error.name !== "AbortError" && !quiet) this.status.textContent = `${error.message} ${error.advice}`;
      return false;
    }
    if (!quiet) this.status.textContent = "";
    if (!quiet || this.shown.fresh) this.draw();
    return true;
  }

  draw() {
    const { labels, shown } = this;
    const { quality } = shown;
    replace(this.body,
      el("p", { class: "s", text: labels.figures_meaning }),
      quality ? el("p", { class: "xs muted", text: [fill(labels.figures_quality, quality), shown.unjudged ? fill(labels.figures_unjudged, { count: shown.unjudged }) : ""].filter(Boolean).join(" ") }) : null,
      shown.figures.map((each) => this.figure(each)),
      el("p", { class: "xs muted", text: labels.figures_without }),
      this.agreementUrl ? el("p", {}, el("a", { href: this.agreementUrl, target: "_self", text: labels.mark_together })) : null);
  }

  figure(each) {
    const { labels } = this;
    const name = `figure-${each.measure}`;
    return el("article", { class: "fg", "aria-labelledby": name },
      el("h3", { id: name, text: each.title }),
      each.value ? el("p", { class: "val" }, el("b", { class: "num", text: each.value }), el("span", { class: "s num", text: ` ${each.between}` }), el("span", { class: "xs muted num", text: ` · ${each.count}` })) : el("p", { class: "s muted", text: each.withheld }),
      each.earlier.length ? el("p", { class: "xs muted num", text: `${labels.figures_earlier} ${each.earlier.map((one) => fill(labels.figures_earlier_one, one)).join(" · ")}` }) : null,
      each.moments.length ? el("details", {}, el("summary", { class: "s", text: fill(labels.figures_places, { count: each.moments.length }) }), el("ul", { class: "plc" }, each.moments.map((moment) => this.place(moment)))) : null,
      el("details", {}, el("summary", { class: "s", text: labels.figures_how }),
        el("dl", { class: "s" }, el("dt", { text: labels.figures_formula }), el("dd", { text: each.formula }), el("dt", { text: labels.figures_source }), el("dd", { text: each.source }), el("dt", { text: labels.figures_caveat }), el("dd", { text: each.caveat }))));
  }

  place(moment) {
    const at = clock(moment.start_ms);
    const words = moment.words.length ? el("span", { class: "s", text: ` ${moment.words.join(", ")}` }) : null;
    return el("li", {}, el("button", { type: "button", class: "btn sm q num", "aria-label": fill(this.labels.play_from, { at }), on: { click: () => this.onOpen(moment.start_ms) } }, icon("play"), at), words);
  }
}
