// How far two agree on a stretch, and each turn on which they do not, to be played and talked about.

import { clock, decimal, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { speaker } from "./coding_sheet.js";

export class CodingResult {
  constructor({ coding, codes, labels, lang, name, onPlay }) {
    Object.assign(this, { coding, codes, labels, lang, name, onPlay });
    this.mine = this.byTurn(coding.mine);
    this.theirs = this.byTurn(coding.theirs);
    const differing = coding.turns.filter((turn) => this.only(turn, this.mine, this.theirs).length || this.only(turn, this.theirs, this.mine).length);
    this.element = el("div", { class: "vstack" },
      el("h2", { class: "num", text: fill(labels.stretch_of, { from: clock(coding.start_ms), to: clock(coding.end_ms) }) }),
      this.figures(),
      el("h3", { text: fill(labels.differ_at, { count: differing.length, of: coding.turns.length }) }),
      differing.length ? el("ol", { class: "differ" }, differing.map((turn) => this.row(turn))) : el("p", { class: "s", text: labels.differ_nowhere }));
  }

  byTurn(marks) {
    const found = new Map();
    for (const [index, code] of marks) found.set(index, (found.get(index) ?? new Set()).add(code));
    return found;
  }

  /** Return the keywords that one has set on a turn and the other has not. */
  only(turn, one, other) {
    return this.codes.filter((each) => one.get(turn.index)?.has(each.code) && !other.get(turn.index)?.has(each.code));
  }

  figures() {
    const { labels, coding } = this;
    const { figures } = coding;
    if (!figures) return el("p", { class: "banner", role: "status", text: labels.agreement_counting });
    const few = figures.turns < figures.needed;
    const rows = this.codes.map((each) => this.line(each.label, figures.codes[each.code], this.count(coding.mine, each.code), this.count(coding.theirs, each.code)));
    return el("div", { class: "vstack" },
      el("p", { class: "s", text: labels.agreement_reading }),
      few ? el("p", { class: "banner wait", text: fill(labels.too_few_turns, { count: figures.turns, needed: figures.needed }) }) : null,
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": labels.agreement_table },
        el("table", {}, el("caption", { class: "sr", text: labels.agreement_table }),
          el("thead", {}, el("tr", {}, [labels.keyword, labels.you_column, this.name, labels.kappa, labels.alpha].map((text) => el("th", { scope: "col", text })))),
          el("tbody", {}, this.line(labels.same_keywords, figures.together), rows))),
      figures.together.icc ? el("p", { class: "s num", text: fill(labels.icc_of, { value: this.range(figures.together.icc) }) }) : null,
      el("details", {}, el("summary", { class: "s", text: labels.figures_how }), el("p", { class: "s", text: labels.agreement_how }), el("p", { class: "s", text: labels.agreement_sources })));
  }

  count(marks, code) {
    return String(marks.filter(([, each]) => each === code).length);
  }

  line(label, found, mine = "", theirs = "") {
    return el("tr", {}, el("th", { scope: "row", text: label }), el("td", { class: "num", text: mine }), el("td", { class: "num", text: theirs }), el("td", { class: "num", text: this.range(found.kappa) }), el("td", { class: "num", text: this.range(found.alpha) }));
  }

  range(found) {
    if (!found) return this.labels.not_shown;
    const number = (value) => decimal(value, this.lang, 2);
    return fill(this.labels.value_between, { value: number(found.value), low: number(found.low), high: number(found.high) });
  }

  row(turn) {
    const { labels, name } = this;
    const at = clock(turn.start_ms);
    const side = (who, list) => (list.length ? el("p", { class: "s" }, el("b", { text: `${who}: ` }), list.map((each) => each.label).join(", ")) : null);
    return el("li", {},
      el("button", { type: "button", class: "btn sm q num at", "aria-label": fill(labels.play_from, { at }), on: { click: () => this.onPlay(turn.start_ms) } }, icon("play"), at),
      el("div", {}, el("p", {}, speaker(turn, labels), ` ${turn.text}`), side(labels.only_you, this.only(turn, this.mine, this.theirs)), side(fill(labels.only_name, { name }), this.only(turn, this.theirs, this.mine))));
  }
}
