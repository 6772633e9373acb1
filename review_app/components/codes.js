// The row of keywords that one key sets: pressed, at this point; held, over a stretch. Draws the
// row and hears its keys; the actions save.

import { el, fill, replace } from "./dom.js";

const A_SET = 10;
const HELD_MS = 600;
const POINT_MS = 1000; // a point has to be long enough to be seen and clicked

export class Codes {
  constructor({ labels, actions, player, keys, now, preRoll, announce }) {
    Object.assign(this, { labels, actions, player, now, preRoll, announce });
    this.set = 0;
    this.held = null;
    this.element = el("div", { class: "codes", role: "group", "aria-label": labels.codes });
    for (const digit of "1234567890") {
      keys.add({ id: `code_${digit}`, context: "desk", keys: [digit], label: digit === "1" ? labels.key_codes : "", run: () => this.press(digit), release: () => this.lift() });
    }
    keys.add({ id: "code_set", context: "desk", keys: ["shift+c"], label: labels.key_code_set, run: () => this.swap() });
    this.draw();
  }

  get shown() {
    return this.actions.doc.codes.slice(this.set * A_SET, (this.set + 1) * A_SET);
  }

  digit(code, index) {
    return code.key || String((index + 1) % A_SET);
  }

  draw() {
    replace(this.element, this.shown.map((code, index) => el("button", { type: "button", class: "cd", title: code.description, data: { code: code.code }, on: { click: () => this.mark(code, this.now()) } }, el("kbd", { text: this.digit(code, index) }), code.label)));
  }

  swap() {
    this.set = (this.set + 1) % Math.max(1, Math.ceil(this.actions.doc.codes.length / A_SET));
    this.draw();
  }

  press(digit) {
    const code = this.shown.find((each, index) => this.digit(each, index) === digit);
    if (code) this.held = { code, from: this.now(), since: performance.now() };
  }

  lift() {
    const { held } = this;
    this.held = null;
    if (!held) return;
    const stretch = performance.now() - held.since >= HELD_MS && this.player.now_ms - held.from > POINT_MS;
    this.mark(held.code, held.from, stretch ? this.player.now_ms : null);
  }

  mark(code, start, end = null) {
    this.actions.addTag(code, Math.max(0, start - this.preRoll()), end ?? start + POINT_MS).then((done) => {
      if (done) this.announce(fill(this.labels.said_keyword, { what: code.label }));
    });
  }
}
