// How far the machine is with a film: each step in plain words with its own bar, asked again every
// few seconds. What the answer means for the rest of the page is the caller's.

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";
import { ownTextButton } from "./own_text.js";

const BUSY_MS = 2000;
const CALM_MS = 10_000;
const ORDER = ["ingest", "join", "probe", "proxy", "audio", "speech", "transcribe", "diarize", "attribute", "tag", "picture", "index"];

export class Processing {
  constructor({ api, labels, signal, onStatus }) {
    Object.assign(this, { api, labels, signal, onStatus });
    this.list = el("ol", { class: "stages" });
    this.hints = el("section", { class: "hints", hidden: true, "aria-label": labels.hints });
    this.steps = el("details", { class: "steps" }, el("summary", { text: labels.processing_steps }), this.list);
    this.lead = el("p", { class: "s muted" });
    this.element = el("section", { class: "card", "aria-label": labels.processing }, el("h2", { text: labels.processing }), this.lead, this.steps, this.ownText(), this.hints);
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.look();
  }

  /** Return the way to hand in a text instead of having the speech recognized. */
  ownText() {
    const { api, labels } = this;
    const said = el("p", { class: "s", role: "status", "aria-live": "polite" });
    const onKept = () => {
      replace(said, icon("check"), ` ${labels.own_text_kept}`);
      this.look();
    };
    return el("div", {}, ownTextButton({ api, labels, host: () => this.element, onKept }), said);
  }

  async look() {
    clearTimeout(this.timer);
    let busy = false;
    try {
      const status = await this.api.get("status", { signal: this.signal });
      const stages = everyStage(status.stages ?? []);
      this.ownTextUsed = Boolean(status.own_text);
      this.draw(stages, { locked: Boolean(status.gaps?.length) });
      this.drawHints(status.hints ?? []);
      this.onStatus(status);
      busy = stages.some((each) => ["waiting", "running"].includes(each.state));
    } catch {
      if (this.signal.aborted) return; // otherwise the line is lost: ask again
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), busy ? BUSY_MS : CALM_MS);
  }

  draw(stages, { locked }) {
    const { labels } = this;
    const done = stages.every((each) => each.state === "done");
    const begun = stages.some((each) => each.state !== "waiting");
    this.lead.textContent = done ? labels.processing_done : locked ? labels.processing_locked : labels.processing_meaning;
    // The steps are for who waits for them: unfolded while there is something to follow.
    const follow = begun && !done;
    if (follow !== this.follow) this.steps.open = this.follow = follow;
    replace(this.list, stages.map((each) => this.row(each)));
  }

  // What was seen and heard at a first look: for the next film, never a reproach for this one.
  drawHints(hints) {
    const { labels } = this;
    this.hints.hidden = !hints.length;
    const when = ({ at_ms: at }) => (at.length ? fill(labels.hint_at, { times: at.map(clock).join(", ") }) : labels.hint_throughout);
    replace(this.hints, el("h3", { text: labels.hints }), el("ul", {}, hints.map((each) => el("li", {}, icon("info"), el("div", {}, el("p", {}, el("b", { text: each.fact }), " ", el("span", { class: "s muted num", text: when(each) })), el("p", { class: "s", text: each.advice }))))));
  }

  row({ stage, state, fraction, error, file }) {
    const { labels } = this;
    const name = labels[`stage_${stage}`] ?? labels.stage_other;
    const percent = Math.round((state === "done" ? 1 : fraction ?? 0) * 100);
    const signs = { done: "check", failed: "warning", refused: "lock", running: "clock", waiting: "clock" };
    const done = stage === "transcribe" && this.ownTextUsed ? labels.own_text_used : labels.state_done;
    const words = { running: fill(labels.percent, { percent }), done }[state] ?? labels[`state_${state}`];
    const tones = { done: "ok", failed: "wait", refused: "stop", running: "you", waiting: "" };
    const what = labels[`error_${error}`] ?? labels.error_other;
    return el("li", { class: state }, el("span", { class: "grow", text: name }),
      el("div", { class: "bar", role: "progressbar", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent }, el("i", { style: { width: `${percent}%` } })),
      el("span", { class: `tag num ${tones[state]}` }, icon(signs[state]), words),
      error ? el("p", { class: "s muted why", text: file ? fill(labels.error_in_file, { number: file, what }) : what }) : null);
  }
}

// The server tells of stages that have begun; the rest wait, and are shown waiting.
function everyStage(told) {
  return ORDER.map((stage) => told.find((each) => each.stage === stage) ?? { stage, state: "waiting", fraction: 0 });
}
