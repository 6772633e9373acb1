// The turns of a stretch, to be marked by one person: a row a turn, a button a keyword. It saves
// itself. Up and down walk the rows, Enter plays one, digits set its keywords.

import { clock, el, fill } from "./dom.js";
import { icon } from "./icons.js";

const SAVE_MS = 600;

/** Return who speaks, as a sign for the eye and a name for the ear. */
export function speaker(turn, labels) {
  const name = labels[`speaker_${turn.speaker}`] ?? labels.speaker_unknown;
  return [el("span", { class: `who ${turn.speaker === "?" ? "unknown" : turn.speaker}`, "aria-hidden": "true", text: labels[`letter_${turn.speaker}`] ?? "?" }), el("span", { class: "sr", text: `${name}: ` })];
}

export class CodingSheet {
  constructor({ coding, codes, labels, onPlay, save, finish }) {
    Object.assign(this, { coding, codes, labels, onPlay, save, finish });
    this.marks = new Set(coding.mine.map(([index, code]) => `${index} ${code}`));
    this.status = el("span", { class: "xs muted", role: "status" });
    this.rows = coding.turns.map((turn, place) => this.row(turn, place));
    this.list = el("ol", { class: "sheet-rows", "aria-label": labels.turns_to_mark }, this.rows);
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.done = el("button", { type: "button", class: "btn p", text: labels.finish_marking, on: { click: () => this.end() } });
    this.element = el("div", { class: "vstack" },
      el("h2", { class: "num", text: fill(labels.stretch_of, { from: clock(coding.start_ms), to: clock(coding.end_ms) }) }),
      el("p", { class: "s muted", text: labels.sheet_meaning }), this.codebook(), this.list,
      el("div", { class: "hstack" }, this.done, this.status, el("span", { class: "s muted", text: labels.finish_meaning })));
  }

  codebook() {
    const { labels } = this;
    return el("details", { class: "cb" }, el("summary", { class: "s", text: labels.codebook_open }), this.codes.map((each) => el("section", {},
      el("h3", { text: each.label }), el("p", { class: "s", text: each.description }),
      el("p", { class: "s" }, el("b", { text: `${labels.code_counts} ` }), each.counts, el("span", { class: "muted", text: ` ${each.examples.map((said) => `”${said}”`).join(" ")}` })),
      el("p", { class: "s" }, el("b", { text: `${labels.code_counts_not} ` }), each.does_not_count, el("span", { class: "muted", text: ` ${each.counterexamples.map((said) => `”${said}”`).join(" ")}` })))));
  }

  row(turn, place) {
    const { labels } = this;
    const at = clock(turn.start_ms);
    const chips = this.codes.map((each, number) => el("button", { type: "button", class: "btn sm chip", tabindex: place ? "-1" : "0", "aria-pressed": String(this.marks.has(`${turn.index} ${each.code}`)), title: number < 10 ? `${each.label} (${(number + 1) % 10})` : each.label, data: { code: each.code }, text: each.label, on: { click: () => this.toggle(turn, each.code) } }));
    return el("li", { data: { place } },
      el("button", { type: "button", class: "btn sm q num at", tabindex: place ? "-1" : "0", "aria-label": fill(labels.play_from, { at }), on: { click: () => this.onPlay(turn.start_ms) } }, icon("play"), at),
      el("p", {}, speaker(turn, labels), ` ${turn.text}`),
      el("div", { class: "chips", role: "group", "aria-label": fill(labels.keywords_at, { at }) }, chips));
  }

  toggle(turn, code) {
    const mark = `${turn.index} ${code}`;
    if (!this.marks.delete(mark)) this.marks.add(mark);
    const row = this.rows[this.coding.turns.indexOf(turn)];
    row.querySelector(`[data-code="${CSS.escape(code)}"]`).setAttribute("aria-pressed", String(this.marks.has(mark)));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), SAVE_MS);
  }

  pressed(event) {
    const place = Number(event.target.closest("li")?.dataset.place ?? 0);
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const digit = /^[0-9]$/.test(event.key) ? (Number(event.key) + 9) % 10 : -1;
    if (step) this.enter(Math.max(0, Math.min(this.rows.length - 1, place + step)));
    else if (digit >= 0 && digit < this.codes.length) this.toggle(this.coding.turns[place], this.codes[digit].code);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Put the focus on a row; only that row's buttons are reached by Tab. */
  enter(place) {
    this.rows.forEach((row, each) => row.querySelectorAll("button").forEach((button) => button.setAttribute("tabindex", each === place ? "0" : "-1")));
    this.rows[place].querySelector(".at").focus();
    this.rows[place].scrollIntoView({ block: "nearest" });
  }

  async keep() {
    const marks = [...this.marks].map((mark) => [Number(mark.split(" ")[0]), mark.split(" ")[1]]);
    this.status.textContent = "";
    try {
      await this.save(marks);
    } catch {
      this.status.textContent = this.labels.marks_unsaved;
      return false;
    }
    this.status.textContent = this.labels.marks_saved;
    return true;
  }

  async end() {
    clearTimeout(this.timer);
    this.done.disabled = true;
    if (await this.keep()) await this.finish();
    this.done.disabled = false;
  }
}
