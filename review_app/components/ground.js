/**
 * What an interpretation rests on: a note of what was seen and heard. Asked for, never demanded.
 *
 *   groundOf(note, notes)          the note that it rests on, if that is among these
 *   groundLine(ground, labels)     how it is shown above an interpretation; null for none
 *   const choice = new GroundChoice({ labels, onChange })
 *   choice.element                 the question and the list to choose from
 *   choice.value                   the chosen note's id, or null
 *   choice.ask(asked, { notes, at_ms, value })   ask or not, and of what: nearest in the film first
 */

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_SIGNS = 70;

export function groundOf(note, notes) {
  if (note.kind !== "interpretation" || !note.rests_on) return null;
  return notes.find((each) => each.id === note.rests_on && each.kind === "seen_heard") ?? null;
}

export function groundLine(ground, labels) {
  return ground && el("p", { class: "xs muted ground" }, icon("eye"), el("span", { text: words(ground, labels) }));
}

export class GroundChoice {
  constructor({ labels, onChange }) {
    this.labels = labels;
    this.list = el("select", { class: "in", on: { change: onChange } });
    this.element = el("label", { class: "hstack xs knows", hidden: true }, el("span", { class: "muted", text: labels.how_do_you_know }), this.list);
  }

  get value() {
    return this.list.value || null;
  }

  ask(asked, { notes, at_ms, value = this.value }) {
    this.element.hidden = !asked;
    if (this.list.getRootNode().activeElement === this.list) return; // nothing changes under a choosing hand
    const away = (note) => Math.abs(note.at_ms - at_ms);
    const seen = notes.filter((note) => asked && note.kind === "seen_heard" && note.revision).sort((a, b) => away(a) - away(b));
    const option = (id, text) => el("option", { value: id, selected: id === (value ?? ""), text });
    replace(this.list, option("", this.labels.ground_choose), seen.map((note) => option(note.id, short(`${clock(note.at_ms)} ${note.text}`))));
    this.list.hidden = !seen.length;
  }
}

function words(ground, labels) {
  return fill(labels.ground, { place: clock(ground.at_ms), text: ground.text });
}

function short(text) {
  return text.length > SHOWN_SIGNS ? `${text.slice(0, SHOWN_SIGNS)} …` : text;
}
