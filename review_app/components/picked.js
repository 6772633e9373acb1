// The strip that says what was picked on the timeline: a machine's mark with its reason and
// certainty in words, to use or dismiss; an own one, to remove.

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const HIGH = 0.75;
const LOW = 0.5;

export class Picked {
  constructor({ labels, actions, canEdit }) {
    Object.assign(this, { labels, actions, canEdit });
    this.item = null;
    this.element = el("div", { class: "picked hstack xs", hidden: true });
  }

  /** Show a keyword or a phase; null shows nothing. */
  show(intent, item) {
    this.intent = intent;
    this.item = item;
    this.draw();
  }

  draw() {
    const { item, labels } = this;
    const gone = !item || item.verdict === "dismissed" || !(this.actions.doc.tags.includes(item) || this.actions.doc.segments.includes(item));
    this.element.hidden = gone;
    if (gone) {
      this.item = null;
      return;
    }
    const button = (label, key, run) => el("button", { type: "button", class: "btn sm", title: `${label} (${key})`, text: label, on: { click: run } });
    const own = this.intent === "judge_tag" && item.verdict === "confirmed";
    const certainty = item.confidence === undefined || item.origin === "person" ? "" : labels[item.confidence >= HIGH ? "certainty_high" : item.confidence >= LOW ? "certainty_medium" : "certainty_low"];
    const why = item.reason;
    const reason = why ? fill(labels.because, { reason: why }) : "";
    replace(this.element,
      el("b", { text: item.label }), el("span", { class: "num muted", text: clock(item.start_ms) }),
      item.verdict === "suggested" ? el("span", { class: "tag dash", title: item.confidence === undefined ? "" : `${Math.round(item.confidence * 100)} %`, text: [labels.suggestion, certainty].filter(Boolean).join(" · ") }) : null,
      item.verdict === "suggested" ? el("span", { class: "muted record", text: this.actions.record(item) }) : null,
      el("span", { class: "muted why", title: reason, text: reason }),
      this.canEdit && item.verdict === "suggested" ? [button(labels.use, "A", () => this.judge("confirmed")), button(labels.dismiss, "X", () => this.judge("dismissed"))] : null,
      this.canEdit && own ? button(labels.remove, "Delete", () => this.remove()) : null,
      el("button", { type: "button", class: "btn sm ic q", "aria-label": labels.close, on: { click: () => this.show(null, null) } }, icon("close")));
  }

  get open() {
    return this.item?.verdict === "suggested";
  }

  async judge(verdict) {
    await this.actions.judge(this.intent, this.item, verdict);
    this.draw();
  }

  async remove() {
    if (this.intent !== "judge_tag") return;
    await this.actions.removeTag(this.item);
    this.draw();
  }
}
