// One keyword, to be changed: its words in three languages, its cues, whose words, which questions.
// What is typed is kept in this tab until it is saved or discarded, also when the page is left.

import { Cues } from "./codebook_cues.js";
import { Modifiers, settleModifiers } from "./codebook_modifiers.js";
import { el, fill, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";

const LANGUAGES = ["da", "sv", "en"];
const LINES = ["label", "short"];
const TEXTS = ["description", "counts", "does_not_count"];
const EXAMPLES = ["examples", "counterexamples"];
const SPEAKERS = ["caseworker", "youth", "parent", "other"];
const LEAST_EXAMPLES = 2;
const KEEP_MS = 300;

export function blankTag() {
  const words = () => ({ ...Object.fromEntries([...LINES, ...TEXTS].map((name) => [name, ""])), examples: ["", ""], counterexamples: ["", ""], cues: [] });
  return { code: "", speaker: ["caseworker"], serves: [], threshold: 0.5, cues: [], ...Object.fromEntries(LANGUAGES.map((each) => [each, words()])) };
}

/** Return a code of small letters, digits and _ that is not taken yet. */
function newCode(label, taken, otherwise) {
  const slug = label.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "") || otherwise;
  let code = slug;
  for (let n = 2; taken.includes(code); n += 1) code = `${slug}_${n}`;
  return code;
}

export class CodebookForm {
  constructor({ tag, book, labels, lang, api, questions, mayEdit, save, kept, discarded }) {
    Object.assign(this, { original: tag, book, labels, lang, api, questions, mayEdit, save, kept, discarded });
    this.memory = `samspil-codebook:${book.id}:${tag.code}`;
    const draft = mayEdit ? JSON.parse(sessionStorage.getItem(this.memory) ?? "null") : null;
    this.tag = draft?.tag ?? structuredClone(tag);
    this.base = draft?.base ?? book.name;
    this.restored = draft !== null;
    this.shown = lang;
    this.element = el("form", { class: "vstack tagform", novalidate: true, "aria-label": tag[lang].label || labels.new_keyword });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !this.mayEdit) return;
      event.preventDefault();
      this.keep();
    });
    this.element.addEventListener("input", () => this.remember());
    this.build();
  }

  build() {
    const { labels, tag, mayEdit } = this;
    this.languages = el("div", { class: "seg", role: "group", "aria-label": labels.language_of_words });
    this.words = el("div", { class: "vstack" });
    this.clash = el("div", {});
    this.status = el("p", { class: "s", role: "alert" });
    this.saveButton = el("button", { type: "submit", class: "btn p", text: labels.save });
    const buttons = mayEdit
      ? el("div", { class: "hstack wrap foot" }, this.saveButton, el("button", { type: "button", class: "btn", text: labels.discard, on: { click: () => this.discard() } }), this.status, el("span", { class: "grow" }), this.retiring())
      : null;
    replace(this.element,
      el("h2", { text: tag[this.lang].label || labels.new_keyword }),
      this.restored ? el("p", { class: "banner wait", role: "status", text: labels.draft_restored }) : null,
      mayEdit ? el("p", { class: "banner" }, icon("shield"), labels.no_recording_here) : null,
      this.languages, this.words, this.whose(), this.serving(), this.keys(), this.clash, buttons, this.past());
    this.drawWords();
    this.lock(this.element);
  }

  /** Let nothing be typed where it could not be saved. */
  lock(part) {
    if (this.mayEdit) return;
    for (const field of part.querySelectorAll("input, textarea, select")) field.disabled = true;
  }

  drawWords() {
    const { labels, shown, tag, mayEdit } = this;
    replace(this.languages, LANGUAGES.map((each) => el("button", { type: "button", "aria-pressed": String(each === shown), text: labels[`language_${each}`], on: { click: () => this.speak(each) } })));
    this.cues?.destroy();
    this.cues = new Cues({ tag, book: this.book, language: shown, labels: this.labels, lang: this.lang, api: this.api, mayEdit, changed: () => this.remember() });
    const modifiers = new Modifiers({ tag, language: shown, languages: LANGUAGES, labels, mayEdit, changed: () => this.remember() });
    replace(this.words, LINES.map((name) => this.line(name)), TEXTS.map((name) => this.text(name)), EXAMPLES.map((name) => this.examples(name)), modifiers.element, this.cues.element);
    this.lock(this.words);
  }

  speak(language) {
    this.shown = language;
    this.drawWords();
    this.languages.querySelector("[aria-pressed=true]").focus();
  }

  get said() {
    return this.tag[this.shown];
  }

  line(name) {
    return el("label", { class: "f" }, el("span", { text: this.labels[`field_${name}`] }), el("input", { class: "in", lang: this.shown, value: this.said[name], data: { field: name }, on: { input: ({ target }) => this.set(name, target.value) } }));
  }

  text(name) {
    return el("label", { class: "f" }, el("span", { text: this.labels[`field_${name}`] }), el("textarea", { class: "ta", rows: "2", lang: this.shown, value: this.said[name], data: { field: name }, on: { input: ({ target }) => this.set(name, target.value) } }));
  }

  set(name, value) {
    this.said[name] = value;
  }

  examples(name) {
    const { labels, mayEdit } = this;
    const box = el("fieldset", {});
    const draw = () => {
      const rows = this.said[name].map((each, place) => this.example(name, each, place));
      const add = () => {
        this.said[name].push("");
        draw();
        box.querySelector("li:last-child input").focus();
      };
      replace(box, el("legend", { class: "b s", text: labels[`field_${name}`] }), el("ol", {}, rows), mayEdit ? el("button", { type: "button", class: "btn sm q", on: { click: add } }, icon("add"), labels.add_example) : null);
      this.lock(box);
    };
    draw();
    return box;
  }

  example(name, each, place) {
    const n = place + 1;
    const before = typeof each === "string" ? "" : each.before;
    const said = el("input", { class: "in", lang: this.shown, value: typeof each === "string" ? each : each.text, "aria-label": fill(this.labels.example_n, { n }) });
    const context = el("input", { class: "in s", lang: this.shown, value: before, placeholder: fill(this.labels.before_n, { n }), "aria-label": fill(this.labels.before_n, { n }) });
    const changed = () => {
      this.said[name][place] = context.value.trim() ? { text: said.value, before: context.value } : said.value;
    };
    for (const field of [said, context]) field.addEventListener("input", changed);
    return el("li", {}, said, context);
  }

  whose() {
    const { labels, tag } = this;
    const boxes = SPEAKERS.map((each) => el("label", { class: "pick" }, el("input", { type: "checkbox", checked: tag.speaker.includes(each), on: { change: ({ target }) => this.flip(tag.speaker, each, target.checked) } }), labels[`speaker_${each}`]));
    return el("fieldset", { class: "row" }, el("legend", { class: "b s", text: labels.speakers }), boxes);
  }

  serving() {
    const { labels, tag, questions } = this;
    const count = () => `${labels.serves}: ${fill(labels.serves_count, { count: tag.serves.length })}`;
    const summary = el("summary", { class: "s b", text: count() });
    const flip = (id, on) => {
      this.flip(tag.serves, id, on);
      summary.textContent = count();
    };
    const boxes = questions.map(({ id, text }) => el("label", { class: "pick s" }, el("input", { type: "checkbox", checked: tag.serves.includes(id), on: { change: ({ target }) => flip(id, target.checked) } }), el("span", {}, el("b", { class: "num", text: `${id} ` }), text)));
    return el("details", { class: "serves" }, summary, boxes);
  }

  flip(list, each, on) {
    const place = list.indexOf(each);
    if (on && place < 0) list.push(each);
    if (!on && place >= 0) list.splice(place, 1);
    this.remember();
  }

  keys() {
    const { labels, tag } = this;
    const taken = new Set(this.book.tags.filter((each) => each.code !== tag.code && !each.retired).map((each) => each.key));
    const free = ["", ..."1234567890"].filter((each) => !each || !taken.has(each));
    const choices = free.map((each) => el("option", { value: each, selected: each === (tag.key ?? ""), text: each || labels.key_none }));
    const change = ({ target }) => {
      if (target.value) tag.key = target.value;
      else delete tag.key;
    };
    return el("label", { class: "f short" }, el("span", { text: labels.key }), el("select", { class: "in", on: { change } }, choices));
  }

  retiring() {
    const { labels, tag, original } = this;
    if (!original.code) return null;
    const run = () => {
      if (tag.retired) delete tag.retired;
      else tag.retired = true;
      this.keep();
    };
    return el("button", { type: "button", class: "btn sm q", title: tag.retired ? null : labels.retire_meaning, text: tag.retired ? labels.bring_back : labels.retire, on: { click: run } });
  }

  /** Return what stands at an earlier edition, fetched when somebody opens it. */
  past() {
    const { labels, original } = this;
    if (!original.code) return null;
    const body = el("div", { class: "vstack" }, el("p", { class: "s muted", text: labels.history_fetching }));
    const details = el("details", { class: "past" }, el("summary", { class: "s b", text: labels.history }), body);
    details.addEventListener("toggle", () => this.fetchPast(body), { once: true });
    return details;
  }

  async fetchPast(body) {
    const { labels, lang } = this;
    try {
      const { history } = await this.api.reach(`/api/codebooks/${this.book.id}/tags/${this.original.code}`);
      const by = (each) => (each.by ? fill(labels.changed_by, { name: each.by, day: longDate(new Date(each.at), lang) }) : labels.as_it_came);
      replace(body, history.map((each) => el("section", {}, el("h3", { text: `${each.name}, ${by(each)}` }), this.meaning(each.tag))));
    } catch (error) {
      replace(body, el("p", { class: "s", text: `${error.message} ${error.advice ?? ""}` }));
    }
  }

  meaning(tag) {
    const said = tag[this.shown];
    return el("div", { class: "s" }, el("p", {}, el("b", { text: `${said.label}. ` }), said.description), el("p", {}, el("b", { text: `${this.labels.field_counts}: ` }), said.counts), el("p", {}, el("b", { text: `${this.labels.field_does_not_count}: ` }), said.does_not_count), said.modifiers?.length ? el("p", {}, el("b", { text: `${this.labels.modifier}: ` }), said.modifiers.join(", ")) : null, el("p", { class: "num muted", text: said.cues.map((each) => each.p).filter(Boolean).join("   ") }));
  }

  remember() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), KEEP_MS);
  }

  write() {
    clearTimeout(this.timer);
    sessionStorage.setItem(this.memory, JSON.stringify({ base: this.base, tag: this.tag }));
  }

  forget() {
    clearTimeout(this.timer);
    sessionStorage.removeItem(this.memory);
  }

  discard() {
    this.forget();
    this.discarded();
  }

  /** Return the tag without the empty lines that a form has, ready to be sent. */
  written() {
    const tag = structuredClone(this.tag);
    const full = (each) => (typeof each === "string" ? each : each.text).trim();
    for (const language of LANGUAGES) {
      for (const name of EXAMPLES) tag[language][name] = tag[language][name].filter(full);
      tag[language].short ||= tag[language].label;
      tag[language].cues = tag[language].cues.filter((cue) => cue.p !== "");
    }
    settleModifiers(tag, { languages: LANGUAGES, newCode: (name, taken) => newCode(name, taken, "choice") });
    tag.code ||= newCode(tag.en.label, this.book.tags.map((each) => each.code), "keyword");
    return tag;
  }

  /** Return where something is still missing, or nothing. */
  missing(tag) {
    const { labels } = this;
    for (const language of LANGUAGES) {
      const said = tag[language];
      const at = (name) => `${labels[`language_${language}`]}, ${labels[`field_${name}`]}`;
      const empty = ["label", ...TEXTS].find((name) => !said[name].trim()) ?? EXAMPLES.find((name) => said[name].length < LEAST_EXAMPLES);
      if (empty) return at(empty);
    }
    const unnamed = LANGUAGES.find((language) => tag[language].modifiers?.some((name) => !name));
    if (unnamed) return `${labels[`language_${unnamed}`]}, ${labels.modifier}`;
    if (!tag.speaker.length) return labels.speakers;
    return tag.serves.length ? null : labels.serves;
  }

  async keep() {
    const { labels } = this;
    const tag = this.written();
    const where = this.missing(tag);
    this.status.textContent = where ? fill(labels.needed_fields, { where }) : "";
    if (where) return;
    this.write();
    this.saveButton.disabled = true;
    try {
      const book = await this.save(tag, this.base);
      this.forget();
      this.kept(book, tag.code);
    } catch (error) {
      if (error.code === "conflict") this.tell(error.body?.stored ?? null);
      else this.status.textContent = `${error.message} ${error.advice ?? ""}`;
    }
    this.saveButton.disabled = false;
  }

  /** Show what somebody else has saved meanwhile, and let the person choose. */
  async tell(stored) {
    const { labels } = this;
    const { books } = await this.api.reach("/api/codebooks");
    const book = books.find((each) => each.id === this.book.id);
    const name = book.changed[0]?.by;
    const mine = () => {
      this.base = book.name;
      this.keep();
    };
    const theirs = () => {
      Object.assign(this, { base: book.name, tag: { code: this.original.code, ...structuredClone(stored) }, restored: false });
      this.write();
      this.build();
    };
    replace(this.clash, el("section", { class: "banner wait", role: "alert" }, icon("warning"), el("div", { class: "grow vstack" },
      el("b", { text: name ? fill(labels.changed_meanwhile, { name }) : labels.changed_meanwhile_somebody }), el("p", { text: labels.changed_meanwhile_meaning }), stored ? this.meaning(stored) : null,
      el("div", { class: "hstack wrap" }, el("button", { type: "button", class: "btn sm", text: labels.keep_mine, on: { click: mine } }), stored ? el("button", { type: "button", class: "btn sm", text: labels.take_theirs, on: { click: theirs } }) : null))));
  }

  destroy() {
    clearTimeout(this.timer);
    this.cues?.destroy();
  }
}
