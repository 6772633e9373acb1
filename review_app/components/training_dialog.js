// The dialog for training copies: which part, whose voices, what for; then those that are being
// made, and fetching one, which the browser's own form does so that it goes to the disk as it comes.

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const LOOK_MS = 1500;
const LEFTOVERS = ["training_left_body", "training_left_words", "training_left_voice"];

export class TrainingDialog {
  constructor({ api, labels, reasons, sequences, host }) {
    Object.assign(this, { api, labels, sequences });
    const option = ([value, text]) => el("option", { value, text });
    const select = (name, options) => el("select", { class: "in", name, required: true }, options.map(option));
    const field = (label, control) => el("label", { class: "fld" }, el("span", { class: "b s", text: label }), control);
    this.part = select("part", [["", labels.training_whole], ...sequences.map((each) => [each.id, fill(labels.training_sequence, { order: each.order, title: each.title || labels.untitled })])]);
    this.part.required = false;
    this.voice = select("voice", []);
    this.reason = select("reason", Object.entries(reasons));
    this.make = el("button", { type: "submit", class: "btn p", text: labels.training_make });
    this.fields = el("div", { class: "vstack", hidden: true }, field(labels.training_part, this.part), field(labels.training_voice, this.voice), field(labels.training_reason, this.reason));
    this.closed = el("div", { class: "banner wait", hidden: true }, icon("lock"), el("p", { text: labels.training_closed }));
    this.said = el("div", { role: "status", "aria-live": "polite" });
    this.days = el("p", { class: "s muted" });
    this.list = el("ul", { class: "copies" });
    this.mine = el("section", { hidden: true, "aria-label": labels.training_copies }, el("h3", { text: labels.training_copies }), this.list);
    this.dialog = el("dialog", { class: "ask", "aria-label": labels.training_copy },
      el("form", { on: { submit: (event) => this.ask(event) } },
        el("h2", { text: labels.training_copy }),
        el("p", { class: "muted", text: labels.training_meaning }),
        el("div", {}, el("h3", { text: labels.training_left }), el("ul", { class: "left-over s" }, LEFTOVERS.map((name) => el("li", { text: labels[name] })))),
        this.closed,
        this.fields,
        this.days,
        this.said,
        el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => this.dialog.close() } }), el("span", { class: "grow" }), this.make)),
      this.mine);
    this.dialog.addEventListener("close", () => {
      clearTimeout(this.timer);
      this.dialog.remove();
    });
    host.append(this.dialog);
    this.dialog.showModal();
    this.look();
  }

  async look() {
    try {
      this.show(await this.api.get("training-copies"));
    } catch (error) {
      this.refused(error);
    }
  }

  show({ voices, days, copies }) {
    const { labels } = this;
    const allowed = voices.length > 0;
    this.closed.hidden = allowed;
    this.fields.hidden = !allowed;
    this.make.disabled = !allowed;
    this.days.textContent = fill(labels.training_days, { days });
    if (this.voice.options.length !== voices.length) replace(this.voice, voices.map((voice) => el("option", { value: voice, text: labels[`voice_${voice}`] })));
    this.mine.hidden = !copies.length;
    replace(this.list, copies.map((each) => this.row(each)));
    clearTimeout(this.timer);
    if (copies.some((each) => each.state === "waiting") && this.dialog.open) this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  row({ id, sequence, start_ms: from, end_ms: to, state, fraction }) {
    const { labels, api } = this;
    const known = this.sequences.find((each) => each.id === sequence);
    const name = known ? fill(labels.training_sequence, { order: known.order, title: known.title || labels.untitled }) : labels.training_whole;
    const percent = Math.round(fraction * 100);
    const bar = el("div", { class: "bar", role: "progressbar", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent }, el("i", { style: { width: `${percent}%` } }));
    const fetching = el("form", { method: "post", action: api.url(`training-copies/${id}`), target: "_blank", on: { submit: () => setTimeout(() => this.look(), LOOK_MS) } }, el("button", { type: "submit", class: "btn sm", text: labels.training_fetch }));
    return el("li", { class: "hstack" }, el("div", { class: "grow" }, el("b", { text: name }), ` ${clock(from)}–${clock(to)}`), state === "waiting" ? bar : null, state === "made" ? fetching : el("span", { class: "tag", text: labels[`training_${state}`] }));
  }

  async ask(event) {
    event.preventDefault();
    this.make.disabled = true;
    replace(this.said);
    try {
      await this.api.send("training-copies", JSON.stringify({ sequence: this.part.value || null, voice: this.voice.value, reason: this.reason.value }));
    } catch (error) {
      this.refused(error);
    }
    await this.look();
  }

  refused({ message, advice }) {
    replace(this.said, el("div", { class: "banner wait" }, icon("warning"), el("div", {}, el("b", { text: message }), el("p", { text: advice }))));
  }
}
