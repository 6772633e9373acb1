// The strip that says what was picked on the timeline: a machine's mark with its reason and
// certainty in words, to use or dismiss; an own one, to remove.

import { codeOf } from "./codes.js";
import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";
import { phasesOf } from "./timeline_phases.js";

const HIGH = 0.75;
const LOW = 0.5;

export class Picked {
  constructor({ labels, actions, canEdit, now, announce }) {
    Object.assign(this, { labels, actions, canEdit, now, announce });
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
      this.intent === "judge_segment" && this.canEdit ? this.phaseName() : el("b", { text: item.label }), el("span", { class: "num muted", text: clock(item.start_ms) }),
      item.verdict === "suggested" ? el("span", { class: "tag dash", title: item.confidence === undefined ? "" : `${Math.round(item.confidence * 100)} %`, text: [labels.suggestion, certainty].filter(Boolean).join(" · ") }) : null,
      item.verdict === "suggested" ? el("span", { class: "muted record", text: this.actions.record(item) }) : null,
      el("span", { class: "muted why", title: reason, text: reason }),
      this.canEdit && item.verdict === "suggested" ? [button(labels.use, "A", () => this.judge("confirmed")), this.intent === "judge_tag" ? button(labels.dismiss, "X", () => this.judge("dismissed")) : null] : null,
      this.intent === "judge_segment" && this.canEdit ? this.phaseButtons() : null,
      this.canEdit && own ? this.modifiers() : null,
      this.canEdit && own ? button(labels.remove, "Delete", () => this.remove()) : null,
      el("button", { type: "button", class: "btn sm ic q", "aria-label": labels.close, on: { click: () => this.show(null, null) } }, icon("close")));
  }

  /** What the phase is; another choice names it anew. */
  phaseName() {
    const { phases } = this.actions.doc;
    const choice = el("select", { class: "in", "aria-label": this.labels.phase_name, on: { change: () => this.arranged(this.actions.namePhase(this.item, phases[choice.selectedIndex])) } },
      phases.map(({ phase, label }) => el("option", { value: phase, text: label })));
    choice.selectedIndex = phases.findIndex(({ phase }) => phase === this.item.phase);
    return choice;
  }

  /** What tells the keyword apart from others of its kind, where there is a choice. */
  modifiers() {
    const { actions, item, labels } = this;
    const all = codeOf(actions.doc.codes, item)?.modifiers ?? [];
    if (!all.length) return null;
    const choice = el("select", { class: "in", "aria-label": labels.modifier, on: { change: () => actions.modifyTag(item, choice.value) } },
      el("option", { value: "", text: labels.modifier_none }), all.map(({ modifier, label }) => el("option", { value: modifier, text: label })));
    choice.value = item.modifier;
    return choice;
  }

  /** Where the film stands, the phase can begin or be split. */
  phaseButtons() {
    const { labels, actions, item } = this;
    const button = (text, run, key) => el("button", { type: "button", class: "btn sm", title: key ? `${text} (${key})` : null, text, on: { click: run } });
    return [
      button(labels.phase_begins_here, () => this.arranged(actions.movePhase(item, this.now()))),
      button(labels.phase_split, () => this.arranged(actions.splitPhase(item, this.now()))),
      actions.phaseBefore(item) ? button(labels.phase_join, () => this.arranged(actions.joinPhase(item)), this.open ? "X" : null) : null,
    ];
  }

  /** Take a phase in hand and let it begin elsewhere. */
  movePhase(id, ms) {
    const phase = phasesOf(this.actions.doc).find((each) => each.id === id);
    this.show("judge_segment", phase);
    return this.arranged(this.actions.movePhase(phase, ms));
  }

  async arranged(doing) {
    const done = await doing;
    if (done?.id) this.item = done;
    if (done === null) this.announce(this.labels.phase_no_room);
    this.draw();
    this.element.querySelector("select")?.focus();
  }

  get open() {
    return this.item?.verdict === "suggested";
  }

  async judge(verdict) {
    if (this.intent === "judge_segment" && verdict === "dismissed") return this.arranged(this.actions.joinPhase(this.item));
    await this.actions.judge(this.intent, this.item, verdict);
    this.draw();
  }

  async remove() {
    if (this.intent !== "judge_tag") return;
    await this.actions.removeTag(this.item);
    this.draw();
  }
}
