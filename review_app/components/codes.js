// The row of keywords that one key sets: pressed, at this point; held, over a stretch. Ten at a time
// of one codebook. Draws the row and hears its keys; the actions save.

import { el, fill, replace } from "./dom.js";

const A_SET = 10;
const HELD_MS = 600;
const POINT_MS = 1000; // a point has to be long enough to be seen and clicked

/** The keyword that a mark was made with, as its codebook has it now; undefined if it has none. */
export function codeOf(codes, mark) {
  return codes.find((each) => each.code === mark.code && each.book === mark.book);
}

export class Codes {
  constructor({ labels, actions, player, keys, now, preRoll, announce, onBook }) {
    Object.assign(this, { labels, actions, player, now, preRoll, announce, onBook });
    this.sets = actions.doc.books.flatMap((book) => this.setsOf(book));
    this.set = 0;
    this.held = null;
    this.choice = el("select", { class: "in", "aria-label": labels.codebook_shown, title: `${labels.key_code_set} (⇧ C)`, on: { change: () => this.choose(this.choice.selectedIndex) } }, this.sets.map((each) => el("option", { text: each.title })));
    this.row = el("div", { class: "codes" });
    this.element = el("div", { class: "codes", role: "group", "aria-label": labels.codes }, this.choice, this.row);
    for (const digit of "1234567890") {
      keys.add({ id: `code_${digit}`, context: "desk", keys: [digit], label: digit === "1" ? labels.key_codes : "", run: () => this.press(digit), release: () => this.lift() });
    }
    keys.add({ id: "code_set", context: "desk", keys: ["shift+c"], label: labels.key_code_set, run: () => this.swap() });
    this.draw();
  }

  /** A codebook's keywords in tens; the title counts them where there are several. */
  setsOf({ id, title }) {
    const codes = this.actions.doc.codes.filter((each) => each.book === id);
    const count = Math.ceil(codes.length / A_SET);
    return Array.from({ length: count }, (_, at) => ({ book: id, title: count > 1 ? `${title} · ${at + 1}/${count}` : title, codes: codes.slice(at * A_SET, (at + 1) * A_SET) }));
  }

  get shown() {
    return this.sets[this.set]?.codes ?? [];
  }

  digit(code, index) {
    return code.key || String((index + 1) % A_SET);
  }

  draw() {
    replace(this.row, this.shown.map((code, index) => el("button", { type: "button", class: "cd", title: code.description, data: { code: code.code }, on: { click: () => this.mark(code, this.now()) } }, el("kbd", { text: this.digit(code, index) }), code.label)));
  }

  swap() {
    this.choose((this.set + 1) % Math.max(1, this.sets.length));
    this.announce(this.sets[this.set]?.title ?? "");
  }

  choose(set) {
    this.set = set;
    this.choice.selectedIndex = set;
    this.draw();
    this.onBook(this.sets[set]?.book);
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
