// The safeguarding list: the turns that may tell of harm, likeliest first, each with what was said
// before it, for a person to read. Draws and asks; the actions save. It never says that all is well.

import { codeOf } from "./codes.js";
import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";
import { TurnRows } from "./turn_rows.js";

const AT_FIRST = 10; // about what is read in one go; the rest is a button away

export class SafeguardingList {
  constructor({ labels, lang, actions, onOpen, onConcern, signal }) {
    Object.assign(this, { labels, actions, onOpen, onConcern });
    this.maker = new TurnRows({ labels, lang });
    this.whole = false;
    this.count = el("span", { class: "num muted" });
    this.items = el("ol", {});
    this.rest = el("div", {});
    this.element = el("section", { class: "sfl", "aria-label": labels.safeguarding, tabindex: "-1", hidden: true },
      el("h3", { text: labels.safeguarding_head }), el("p", { class: "s", text: labels.safeguarding_meaning }), this.items, this.rest);
    this.items.addEventListener("click", (event) => this.clicked(event), { signal });
  }

  show(on) {
    this.element.hidden = !on;
    if (on) this.draw();
  }

  /** The machine's keywords of harm that nobody has judged, likeliest first. */
  get open() {
    const { codes, tags } = this.actions.doc;
    return tags.filter((each) => each.verdict === "suggested" && codeOf(codes, each)?.safeguarding)
      .sort((a, b) => b.confidence - a.confidence || a.start_ms - b.start_ms);
  }

  /** Draw what is left to read; the keyboard stays where it was, or comes to what took its place. */
  draw() {
    const { labels, open, items } = this;
    this.count.textContent = open.length ? ` ${open.length}` : "";
    if (this.element.hidden) return;
    const held = this.inHand;
    const place = held ? [...items.children].findIndex((each) => each.dataset.id === held.id) : -1;
    const shown = this.whole ? open : open.slice(0, AT_FIRST);
    replace(items, shown.map((each) => this.item(each)));
    const left = open.length - shown.length;
    replace(this.rest,
      left ? el("button", { type: "button", class: "btn sm", text: fill(labels.safeguarding_more, { count: left }), on: { click: () => this.showRest() } }) : null,
      open.length ? null : el("p", { class: "b", text: labels.safeguarding_none }));
    if (place < 0) return;
    const next = items.children[Math.min(shown.includes(held) ? shown.indexOf(held) : place, shown.length - 1)];
    (next?.querySelector("button") ?? this.element).focus();
  }

  /** The keyword whose item holds the keyboard, if any does. */
  get inHand() {
    return this.#of(this.items.getRootNode().activeElement);
  }

  #of(node) {
    const { id } = node?.closest(".sfl li[data-id]")?.dataset ?? {};
    return this.actions.doc.tags.find((each) => each.id === id);
  }

  showRest() {
    const first = this.items.children.length;
    this.whole = true;
    this.draw();
    this.items.children[first]?.querySelector("button").focus();
  }

  item(tag) {
    const { labels } = this;
    const at = clock(tag.start_ms);
    const button = (act, label, sign, more = {}) => el("button", { type: "button", class: "btn sm ic q", "aria-label": label, title: label, data: { act }, ...more }, icon(sign));
    return el("li", { data: { id: tag.id } },
      el("div", { class: "hstack" },
        el("button", { type: "button", class: "btn sm num", "aria-label": fill(labels.play_from, { at }), data: { act: "play" } }, icon("play"), at),
        el("span", { class: "tag dash", text: fill(labels.safeguarding_chance, { percent: Math.round(tag.confidence * 100) }) }),
        el("span", { class: "grow" }),
        el("button", { type: "button", class: "btn sm", text: labels.use, title: `${labels.use} (A)`, data: { act: "confirmed" } }),
        button("dismissed", `${labels.dismiss_suggestion} (X)`, "close"),
        button("concern", fill(labels.safeguarding_concern, { at }), "shield", { "aria-haspopup": "dialog" })),
      el("ol", { class: "turns" }, this.said(tag)));
  }

  /** The rows of the turn that a keyword is about and, where there is one, of the turn before. */
  said(tag) {
    const { turns } = this.actions.doc;
    const shared = (turn) => Math.min(turn.end_ms, tag.end_ms) - Math.max(turn.start_ms, tag.start_ms);
    const about = turns.reduce((best, turn) => (shared(turn) > (best ? shared(best) : 0) ? turn : best), null);
    if (!about) return [];
    const place = turns.indexOf(about);
    const before = turns.slice(0, place).findLast((turn) => turn.kind === "turn");
    return [before, about].filter(Boolean).map((turn) => this.maker.row(turn, turns.indexOf(turn)));
  }

  clicked(event) {
    const tag = this.#of(event.target);
    if (!tag) return;
    const { act = "play" } = event.target.closest("[data-act]")?.dataset ?? {};
    if (act === "play") this.onOpen(tag);
    else if (act === "concern") this.onConcern(tag);
    else this.actions.judge("judge_tag", tag, act);
  }
}
