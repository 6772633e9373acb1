/**
 * The codebooks: what each keyword means, to be read and changed. Entry module.
 * data: {labels, lang}. It is about no recording and shows nothing of any.
 */

import { Api, Toasts } from "./api.js";
import { blankTag, CodebookForm } from "./codebook_form.js";
import { el, fill, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";
import { mounting } from "./mounting.js";

const NEW = "";

export class CodebookPage {
  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, lang: data.lang ?? "da" });
    this.abort = new AbortController();
    this.toasts = new Toasts(data.labels);
    this.api = new Api("", { labels: data.labels, toasts: this.toasts });
    this.element = el("div", { class: "samspil book" });
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    try {
      this.doc = await this.api.reach("/api/codebooks", null, { signal: this.abort.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      replace(this.element, el("div", { class: "state stop", role: "alert" }, icon("lock"), el("h2", { text: error.message }), el("p", { text: error.advice })));
      return;
    }
    [this.book] = this.doc.books;
    this.code = this.book.tags[0].code;
    this.build();
    this.draw();
  }

  build() {
    const { labels, doc } = this;
    this.titles = el("div", { class: "seg", role: "group", "aria-label": labels.codebooks });
    this.about = el("p", { class: "s muted" });
    this.list = el("ul", { "aria-label": labels.keywords });
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.main = el("section", { class: "main", tabindex: "-1" });
    const add = doc.may_edit ? el("button", { type: "button", class: "btn sm", on: { click: () => this.open(NEW) } }, icon("add"), labels.add_keyword) : null;
    replace(this.element,
      el("div", { class: "hd" }, el("h1", { text: labels.codebook_title }), el("p", { class: "muted", text: labels.codebook_meaning }), doc.may_edit ? null : el("p", { class: "banner", text: labels.read_only }), this.titles),
      el("div", { class: "g" }, el("nav", { class: "left", "aria-label": labels.keywords }, this.about, this.list, add), this.main),
      this.toasts.element);
  }

  draw() {
    const { labels, doc, book } = this;
    replace(this.titles, doc.books.map((each) => el("button", { type: "button", "aria-pressed": String(each === book), text: each.title, on: { click: () => this.choose(each) } })));
    const [changed] = book.changed;
    const by = changed ? fill(labels.changed_by, { name: changed.by, day: longDate(new Date(changed.at), this.lang) }) : labels.as_it_came;
    this.about.textContent = `${fill(labels.edition_of, { name: book.name })}, ${by}`;
    replace(this.list, book.tags.map((tag) => el("li", {}, el("button", { type: "button", class: `${tag.code === this.code ? "on" : ""}${tag.retired ? " gone" : ""}`, tabindex: tag.code === this.code ? "0" : "-1", "aria-current": tag.code === this.code ? "true" : null, data: { code: tag.code }, on: { click: () => this.open(tag.code) } }, el("span", { text: tag[this.lang].label }), tag.retired ? el("span", { class: "tag", text: labels.retired }) : null))));
    if (this.code === NEW) this.list.querySelector("button")?.setAttribute("tabindex", "0");
    this.show();
  }

  choose(book) {
    this.book = book;
    this.code = book.tags[0].code;
    this.draw();
  }

  open(code) {
    this.code = code;
    this.draw();
    this.main.focus();
  }

  show() {
    const { labels, lang, doc, book, code, api } = this;
    const tag = book.tags.find((each) => each.code === code) ?? blankTag();
    this.form?.destroy();
    this.form = new CodebookForm({ tag, book, labels, lang, api, questions: doc.questions, mayEdit: doc.may_edit, save: (saved, base) => this.save(saved, base), kept: (changed, kept) => this.kept(changed, kept), discarded: () => this.draw() });
    replace(this.main, this.form.element);
  }

  /** Keep a keyword; throws when it was not kept, so that the form keeps what was typed. */
  save({ code, ...tag }, base) {
    return this.api.reach(`/api/codebooks/${this.book.id}/tags/${code}`, { base, tag });
  }

  kept(book, code) {
    this.doc.books = this.doc.books.map((each) => (each.id === book.id ? book : each));
    Object.assign(this, { book, code });
    this.draw();
    this.main.focus();
    this.toasts.show(this.labels.saved, { tone: "ok" });
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.list.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(event.target.closest("button")) + step];
    event.preventDefault();
    if (!next) return;
    buttons.forEach((each) => each.setAttribute("tabindex", each === next ? "0" : "-1"));
    next.focus();
  }

  destroy() {
    this.abort.abort();
    this.form?.destroy();
    this.element.remove();
  }
}

export default mounting(CodebookPage);
