/**
 * The words that the recognizer is told may come up, by language. Entry module. data: {labels, lang}.
 */

import { Api, Toasts } from "./api.js";
import { el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";
import { mounting } from "./mounting.js";

const URL = "/api/vocabularies";

export class VocabularyPage {
  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, shown: data.lang ?? "da" });
    this.abort = new AbortController();
    this.toasts = new Toasts(data.labels);
    this.api = new Api("", { labels: data.labels, toasts: this.toasts });
    this.typed = {};
    this.element = el("div", { class: "samspil words" });
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    try {
      this.doc = await this.api.reach(URL, null, { signal: this.abort.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      replace(this.element, el("div", { class: "state stop", role: "alert" }, icon("lock"), el("h2", { text: error.message }), el("p", { text: error.advice })));
      return;
    }
    this.draw();
  }

  get kept() {
    return this.doc.languages[this.shown];
  }

  draw() {
    const { labels, doc, shown, kept } = this;
    const { most, longest } = doc;
    const choose = (each) => {
      this.shown = each;
      this.draw();
      this.element.querySelector("[aria-pressed=true]").focus();
    };
    this.field = el("textarea", { class: "ta", id: "site-words", rows: "14", lang: shown, spellcheck: "false", value: this.typed[shown] ?? kept.words.join("\n"), "aria-describedby": "words-rules words-names", on: { input: () => this.wrote() } });
    this.count = el("p", { class: "s muted num" });
    this.status = el("p", { class: "s", role: "alert" });
    this.clash = el("div", {});
    this.saveButton = el("button", { type: "submit", class: "btn p", text: labels.save });
    const form = el("form", { class: "vstack", on: { submit: (event) => { event.preventDefault(); this.save(); }, keydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.save(); } } },
      el("label", { class: "b s", for: "site-words", text: labels.words_field }), this.field, this.count, this.clash,
      el("div", { class: "hstack wrap" }, this.saveButton, this.status));
    replace(this.element,
      el("div", { class: "hd" }, el("h1", { text: labels.words_title }), el("p", { class: "muted", text: labels.words_meaning })),
      el("div", { class: "seg", role: "group", "aria-label": labels.language_of_words }, Object.keys(doc.languages).map((each) => el("button", { type: "button", "aria-pressed": String(each === shown), text: labels[`language_${each}`], on: { click: () => choose(each) } }))),
      el("div", { class: "g" }, el("section", { class: "card vstack", "aria-label": labels.words_field }, el("p", { class: "s", id: "words-rules", text: fill(labels.words_rules, { most, longest }) }), el("p", { class: "banner wait s", id: "words-names" }, icon("shield"), labels.words_no_names), form, el("p", { class: "s muted", text: labels.words_later })),
        el("section", { class: "card vstack", "aria-label": labels.words_terms }, el("h2", { text: labels.words_terms }), el("ul", { class: "s terms", lang: shown }, kept.legal_terms.map((each) => el("li", { text: each }))))),
      this.toasts.element);
    this.tally();
  }

  wrote() {
    this.typed[this.shown] = this.field.value;
    this.tally();
  }

  lines() {
    return this.field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  }

  tally() {
    this.count.textContent = fill(this.labels.words_count, { count: this.lines().length, most: this.doc.most });
  }

  async save() {
    const { shown, kept } = this;
    this.saveButton.disabled = true;
    this.status.textContent = "";
    try {
      const saved = await this.api.reach(`${URL}/${shown}`, { edition: kept.edition, words: this.lines() });
      Object.assign(this.doc.languages[shown], saved);
      delete this.typed[shown];
      this.draw();
      this.field.focus();
      this.toasts.show(this.labels.saved, { tone: "ok" });
    } catch (error) {
      if (error.code === "conflict") await this.tell();
      else this.status.textContent = `${error.message} ${error.advice ?? ""}`;
    }
    this.saveButton.disabled = false;
  }

  /** Show what somebody else has saved meanwhile; what was typed stays in its field. */
  async tell() {
    const { labels, shown } = this;
    this.doc = await this.api.reach(URL);
    const mine = () => this.save();
    const theirs = () => {
      delete this.typed[shown];
      this.draw();
      this.field.focus();
    };
    replace(this.clash, el("section", { class: "banner wait", role: "alert" }, icon("warning"), el("div", { class: "grow vstack" }, el("b", { text: labels.changed_meanwhile_somebody }), el("p", { text: labels.changed_meanwhile_meaning }), el("p", { class: "s", lang: shown, text: this.kept.words.join(", ") }),
      el("div", { class: "hstack wrap" }, el("button", { type: "button", class: "btn sm", text: labels.keep_mine, on: { click: mine } }), el("button", { type: "button", class: "btn sm", text: labels.take_theirs, on: { click: theirs } })))));
  }

  destroy() {
    this.abort.abort();
    this.element.remove();
  }
}

export default mounting(VocabularyPage);
