// What marks of one keyword can be told apart by: simple or complex, or the steps of a scale.
// A choice has a code that marks keep, and a name in each language.

import { el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

export class Modifiers {
  constructor({ tag, language, languages, labels, mayEdit, changed }) {
    Object.assign(this, { tag, language, languages, labels, mayEdit, changed });
    this.rows = el("ol", {});
    this.addButton = mayEdit ? el("button", { type: "button", class: "btn sm q", on: { click: () => this.add() } }, icon("add"), labels.add_modifier) : null;
    this.element = el("fieldset", { class: "vstack" }, el("legend", { class: "b s", text: labels.modifier }), el("p", { class: "s muted", text: labels.modifiers_meaning }), this.rows, this.addButton);
    this.draw();
  }

  /** Return the lists that hold the choices side by side: their codes, and their names in each language. */
  get lists() {
    const holders = [this.tag, ...this.languages.map((each) => this.tag[each])];
    return holders.map((holder) => (holder.modifiers ??= []));
  }

  get names() {
    return (this.tag[this.language].modifiers ??= []);
  }

  draw() {
    replace(this.rows, this.names.map((name, place) => this.row(name, place)));
  }

  row(name, place) {
    const { labels, language, mayEdit } = this;
    const n = place + 1;
    const said = el("input", { class: "in", lang: language, value: name, "aria-label": fill(labels.modifier_n, { n }), on: { input: ({ target }) => { this.names[place] = target.value; } } });
    const remove = mayEdit ? el("button", { type: "button", class: "btn sm ic q", "aria-label": fill(labels.remove_modifier, { n }), on: { click: () => this.remove(place) } }, icon("erase")) : null;
    return el("li", {}, el("div", { class: "choice" }, said, remove));
  }

  add() {
    for (const list of this.lists) list.push("");
    this.draw();
    this.rows.lastElementChild.querySelector("input").focus();
  }

  remove(place) {
    for (const list of this.lists) list.splice(place, 1);
    this.draw();
    this.changed();
    (this.rows.children[Math.min(place, this.names.length - 1)]?.querySelector("input") ?? this.addButton).focus();
  }
}

/** Put a tag's choices as they are kept: none without a name, each new one with a code of its own. */
export function settleModifiers(tag, { languages, newCode }) {
  const said = languages.map((each) => tag[each]);
  const choices = (tag.modifiers ?? [])
    .map((code, place) => ({ code, names: said.map((each) => each.modifiers[place].trim()) }))
    .filter(({ names }) => names.some(Boolean));
  for (const holder of [tag, ...said]) delete holder.modifiers;
  if (!choices.length) return;
  const english = languages.indexOf("en");
  const codes = choices.map(({ code }) => code);
  codes.forEach((code, place) => { codes[place] = code || newCode(choices[place].names[english], codes); });
  tag.modifiers = codes;
  said.forEach((each, at) => { each.modifiers = choices.map(({ names }) => names[at]); });
}
