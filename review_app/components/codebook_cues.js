// The cues of a keyword in one language, and what the one being written would find.

import { decimal, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const LOOK_MS = 120;
const FORMS = ["", "open", "closed", "any", "no"];
const WRITTEN = new Set(["p", "w", "q"]);
const CONTEXT_WORDS = 24;

export class Cues {
  constructor({ tag, book, language, labels, lang, api, mayEdit, changed }) {
    Object.assign(this, { tag, book, language, labels, lang, api, mayEdit, changed });
    this.cues = tag[language].cues;
    this.rows = el("ol", { class: "cues" });
    this.found = el("section", { class: "found", "aria-label": labels.preview, hidden: !mayEdit });
    this.told = el("p", { class: "s", role: "status", text: labels.preview_write });
    this.hits = el("ol", {});
    replace(this.found, el("h3", { text: labels.preview }), this.told, this.hits);
    const add = mayEdit ? el("button", { type: "button", class: "btn sm q", on: { click: () => this.add() } }, icon("add"), labels.add_cue) : null;
    const help = ["word", "stem", "prefix", "optional", "either", "gap", "edge"].map((each) => el("li", { text: labels[`cue_help_${each}`] }));
    this.element = el("fieldset", { class: "vstack" }, el("legend", { class: "b s", text: labels.cues }), el("p", { class: "s muted", text: labels.cues_meaning }), el("details", {}, el("summary", { class: "s", text: labels.cue_help }), el("ul", { class: "s help" }, help)), this.everywhere(), this.rows, add);
    this.draw();
  }

  draw() {
    const { labels } = this;
    const heads = el("li", { class: "cue xs muted heads", "aria-hidden": "true" }, el("span", { text: labels.cue_words }), el("span", { text: labels.cue_form }), el("span", { text: labels.cue_weight }));
    replace(this.rows, this.cues.length ? heads : null, this.cues.map((cue, place) => this.row(cue, place)));
    this.element.append(this.found);
  }

  /** Return the reasons that are good in every language, for they have no words. */
  everywhere() {
    const { labels } = this;
    const told = this.tag.cues.map((cue) => [cue.q ? labels[`form_${cue.q}`] : "", this.conditions(cue)].filter(Boolean).join(", "));
    return told.length ? el("p", { class: "s muted", text: fill(labels.cue_everywhere, { conditions: told.join("; ") }) }) : null;
  }

  add() {
    this.cues.push({ w: 0.7, p: "" });
    this.draw();
    this.rows.lastElementChild.querySelector("input").focus();
  }

  remove(place) {
    this.cues.splice(place, 1);
    this.draw();
    this.changed();
    (this.rows.children[Math.min(place + 1, this.cues.length)]?.querySelector("input") ?? this.element.querySelector("button")).focus();
  }

  row(cue, place) {
    const { labels, language, mayEdit } = this;
    const n = place + 1;
    const problem = el("p", { class: "s wrong", id: `cue-problem-${place}`, hidden: true });
    const look = () => this.look(cue, problem, words);
    const words = el("input", { class: "in num", lang: language, spellcheck: "false", autocomplete: "off", value: cue.p ?? "", "aria-label": fill(labels.cue_n, { n }), "aria-describedby": `cue-problem-${place}`, on: { focus: look, input: () => { cue.p = words.value; look(); } } });
    const choose = ({ target }) => {
      if (target.value) cue.q = target.value;
      else delete cue.q;
      look();
    };
    const form = el("select", { class: "in", "aria-label": labels.cue_form, title: labels.cue_form, on: { change: choose } }, FORMS.map((each) => el("option", { value: each, selected: each === (cue.q ?? ""), text: labels[`form_${each}`] })));
    const weight = el("input", { class: "in num", type: "number", min: "0", max: "1", step: "0.05", value: String(cue.w), "aria-label": labels.cue_weight, title: labels.cue_weight, on: { input: () => { cue.w = Math.min(1, Math.max(0, weight.valueAsNumber || 0)); } } });
    const remove = mayEdit ? el("button", { type: "button", class: "btn sm ic q", "aria-label": fill(labels.remove_cue, { n }), on: { click: () => this.remove(place) } }, icon("erase")) : null;
    return el("li", {}, el("div", { class: "cue" }, words, form, weight, remove), problem, this.more(cue));
  }

  /** Return the conditions that a cue has besides its words; they stay as they are. */
  more(cue) {
    const conditions = this.conditions(cue);
    return conditions ? el("p", { class: "xs muted", text: fill(this.labels.cue_more, { conditions }) }) : null;
  }

  conditions(cue) {
    const { labels, lang } = this;
    return Object.entries(cue).filter(([name]) => !WRITTEN.has(name)).map(([name, value]) => fill(labels[`condition_${name}`] ?? name, { value: Array.isArray(value) ? value.map((each) => decimal(each, lang)).join("–") : typeof value === "number" ? decimal(value, lang) : value })).join(", ");
  }

  look(cue, problem, field) {
    if (!this.mayEdit) return;
    field.closest("li").append(this.found);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(cue, problem, field), LOOK_MS);
  }

  async fetch(cue, problem, field) {
    const { labels, tag, language } = this;
    this.asking?.abort();
    this.asking = new AbortController();
    const bare = cue.p === "" && Object.keys(cue).every((name) => WRITTEN.has(name)) && !cue.q;
    if (bare) return this.say(labels.preview_write, []);
    const { p, ...rest } = cue;
    const body = { book: this.book.id, code: tag.code || "new_keyword", speaker: tag.speaker, language, cue: p ? cue : rest };
    try {
      const answer = await this.api.reach("/api/codebooks/preview", body, { signal: this.asking.signal });
      this.wrong(answer.problem, problem, field);
      if (!answer.problem) this.show(answer);
    } catch (error) {
      if (error.name !== "AbortError") this.say(`${error.message} ${error.advice ?? ""}`, []);
    }
    return undefined;
  }

  wrong(told, problem, field) {
    problem.hidden = !told;
    field.setAttribute("aria-invalid", String(Boolean(told)));
    if (!told) return;
    problem.textContent = `${told.piece ? `”${told.piece}”: ` : ""}${told.message} ${told.advice}`;
    this.say(problem.textContent, []);
  }

  show({ count, turns, dialogues, hits }) {
    const { labels, lang } = this;
    const number = (value) => decimal(value, lang, 0);
    const values = { count: number(count), turns: number(turns), dialogues: number(dialogues) };
    const more = hits.length < count ? ` ${fill(labels.preview_first, { shown: number(hits.length) })}` : "";
    this.say(fill(count ? labels.preview_count : labels.preview_nothing, values) + more, hits);
  }

  say(text, hits) {
    this.told.textContent = text;
    replace(this.hits, hits.map((hit) => this.hit(hit)));
  }

  hit({ speaker, words, first, end }) {
    const { labels } = this;
    const from = Math.max(0, first - CONTEXT_WORDS);
    const to = Math.min(words.length, end + CONTEXT_WORDS);
    const part = (start, stop) => words.slice(start, stop).join(" ");
    return el("li", { lang: this.language }, el("span", { class: `who ${speaker}`, "aria-hidden": "true", text: labels[`letter_${speaker}`] }), el("p", {}, el("span", { class: "sr", text: `${labels[`speaker_${speaker}`]}: ` }), from ? "… " : "", `${part(from, first)} `, el("mark", { text: part(first, end) }), ` ${part(end, to)}`, to < words.length ? " …" : ""));
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }
}
