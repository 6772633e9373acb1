// The text of a recording as turns that follow the film. Draws and points; what a click does is
// the caller's: it plays, seeks and saves.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { CHIP_DOUBTS, TurnRows } from "./turn_rows.js";

const SILENCE_MS = 2000; // shorter pauses are breath, not something to look at
const DOUBTFUL_TURN = 0.6; // below this a turn has no name, or a word in it is dotted
const NEAR_PX = 900; // farther than this the text jumps instead of gliding
const SETTLE_FRAMES = 12;
const BLOCK = 40; // lines; of a longer text the browser lays out and watches only the blocks in view

/** Return the index of the last start at or before `ms`, or -1. */
export function lastAtOrBefore(starts, ms) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Return the pauses between turns that are long enough to matter, as `{start_ms, end_ms}`. */
export function silences(turns) {
  const found = [];
  let spokenTo = turns.length ? turns[0].start_ms : 0;
  for (const turn of turns) {
    if (turn.start_ms - spokenTo >= SILENCE_MS) found.push({ start_ms: spokenTo, end_ms: turn.start_ms });
    spokenTo = Math.max(spokenTo, turn.end_ms);
  }
  return found;
}

/** Return how sure a turn is, 0..1: of whose it is, and of the words heard worst. */
export function sureness(turn) {
  if (turn.speaker === "?" || turn.doubts.some((each) => CHIP_DOUBTS.includes(each))) return 0;
  return Math.min(turn.speaker_confidence ?? 1, ...turn.words.map((word) => word[3]));
}

/** The transcript pane: `show`, `mark` the sequences, `at` each moment of the film. */
export class Transcript {
  constructor({ labels, lang, onPlay, onTurn = null, signal }) {
    Object.assign(this, { labels, lang, onPlay, onTurn });
    this.now = 0;
    this.turns = [];
    this.starts = [];
    this.rows = [];
    this.current = -1;
    this.word = -1;
    this.focused = 0;
    this.following = true;
    this.list = el("div", { class: "flow" });
    this.again = el("button", { class: "btn sm q again", type: "button", hidden: true, on: { click: () => this.follow() } }, icon("arrow_down"), labels.follow_again);
    this.notice = el("p", { class: "banner wait notice", hidden: true });
    this.above = el("div", { class: "above" }); // what is to be said about the text as a whole
    this.below = el("div", { class: "below" }); // what can be done to the turn in hand
    this.visited = new Set();
    this.maker = new TurnRows({ labels, lang });
    this.search = el("input", { class: "in find", type: "search", hidden: true, "aria-label": labels.search_text, placeholder: labels.search_text });
    this.finder = el("button", { class: "btn sm q", type: "button", title: `${labels.search} (/)`, "aria-keyshortcuts": "/", on: { click: () => this.find() } }, icon("search"), el("span", { class: "lb" }, labels.search));
    this.element = el("section", { class: "panel tr", "aria-label": labels.transcript, tabindex: "-1" },
      el("div", { class: "ph" }, el("h2", {}, labels.transcript), el("span", { class: "tag dash", title: labels.draft_meaning }, labels.draft), el("span", { class: "grow" }), this.again, this.search, this.finder),
      this.notice, this.above, this.list, this.below);
    this.list.addEventListener("click", (event) => this.clicked(event), { signal });
    this.list.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.list.addEventListener("focusin", () => this.onTurn?.(), { signal });
    this.search.addEventListener("keydown", (event) => this.searched(event), { signal });
    for (const kind of ["wheel", "touchmove"]) this.list.addEventListener(kind, () => this.unfollow(), { passive: true, signal });
  }

  /** Draw the turns. Long texts stay cheap, and yet whole for the page's own search. */
  show({ turns, rehearsal, youth_letter: letter }) {
    this.turns = turns;
    this.letter = letter;
    this.starts = turns.map((turn) => turn.start_ms);
    this.rows = [];
    this.current = -1;
    this.notice.hidden = !rehearsal;
    this.notice.textContent = rehearsal ? this.labels.rehearsal_notice : "";
    const lines = [];
    let spokenTo = turns.length ? turns[0].start_ms : 0;
    turns.forEach((turn, index) => {
      if (turn.start_ms - spokenTo >= SILENCE_MS) lines.push(this.maker.pause(spokenTo, turn.start_ms));
      spokenTo = Math.max(spokenTo, turn.end_ms);
      const row = this.maker.row(turn, index);
      this.rows.push(row);
      lines.push(row);
    });
    if (!turns.length) lines.push(el("li", { class: "empty" }, el("p", {}, this.labels.no_text_yet)));
    const blocks = [];
    for (let first = 0; first < lines.length; first += BLOCK) {
      const some = lines.slice(first, first + BLOCK);
      blocks.push(el("ol", { class: "turns", style: { "--lines": some.length } }, some));
    }
    this.list.replaceChildren(...blocks);
    this.keepLines(lines);
    this.marked = [];
    this.focused = 0;
    this.rows[0]?.firstChild.setAttribute("tabindex", "0");
  }

  keepLines(lines) {
    this.lines = lines;
    this.lineStarts = lines.map((row) => (row.dataset.i === undefined ? Number(row.dataset.ms ?? 0) : this.starts[row.dataset.i]));
  }

  /** Put `turns` in place of `removed` ones from place `start` on; the rest of the page stays. */
  splice(start, removed, turns) {
    if (!removed && !turns.length) return;
    const behind = this.rows[start + removed] ?? null;
    const before = this.rows[start - 1] ?? null;
    const anchor = before ?? behind;
    const was = anchor?.getBoundingClientRect().top;
    const hadKeyboard = this.rows.slice(start, start + removed).some((row) => row.contains(this.list.getRootNode().activeElement));
    this.leaveTurn();
    this.turns.splice(start, removed, ...turns);
    const fresh = [];
    let spokenTo = this.turns.length ? this.turns[0].start_ms : 0;
    for (const turn of this.turns.slice(0, start)) spokenTo = Math.max(spokenTo, turn.end_ms);
    const rows = turns.map((turn, n) => this.maker.row(turn, start + n));
    for (const [n, turn] of this.turns.slice(start, start + turns.length + 1).entries()) {
      if (turn.start_ms - spokenTo >= SILENCE_MS) fresh.push(this.maker.pause(spokenTo, turn.start_ms));
      spokenTo = Math.max(spokenTo, turn.end_ms);
      if (rows[n]) fresh.push(rows[n]);
    }
    const first = this.lines.indexOf(before) + 1;
    const gone = this.lines.slice(first, behind ? this.lines.indexOf(behind) : undefined);
    if (before) before.after(...fresh);
    else this.lines[0].before(...fresh);
    for (const line of gone) line.remove();
    for (const block of this.list.querySelectorAll(".turns:empty")) block.remove();
    this.rows.splice(start, removed, ...rows);
    for (let index = start; index < this.rows.length; index += 1) {
      this.turns[index].index = index;
      this.rows[index].dataset.i = index;
    }
    this.starts = this.turns.map((turn) => turn.start_ms);
    this.lines.splice(first, gone.length, ...fresh);
    this.keepLines(this.lines);
    if (anchor) this.list.scrollTop += anchor.getBoundingClientRect().top - was;
    this.focused = Math.min(this.focused, this.rows.length - 1);
    this.rows[this.focused]?.firstChild.setAttribute("tabindex", "0");
    if (hadKeyboard) this.rows[this.focused]?.firstChild.focus({ preventScroll: true });
    this.at(this.now);
  }

  /** The place of the turn in hand: with the keyboard, else being heard, else chosen last. */
  get inHand() {
    const active = this.element.getRootNode().activeElement;
    if (!this.below.contains(active)) { // who reaches for a button there means the turn it names
      const row = active?.closest(".turns > li[data-i]");
      const heard = this.following && this.current >= 0 ? this.current : this.focused;
      this.held = row ? Number(row.dataset.i) : heard;
    }
    return Math.min(this.held ?? 0, this.rows.length - 1);
  }

  /** Whether the keyboard is in the text, so that its keys mean the text. */
  get hasKeyboard() {
    return this.element.contains(this.element.getRootNode().activeElement);
  }

  /** Show which turns lie in a sequence by a bar in the margin. */
  mark(sequences) {
    for (const row of this.marked) delete row.dataset.kind;
    this.marked = [];
    for (const sequence of sequences) {
      let index = lastAtOrBefore(this.lineStarts, sequence.start_ms - 1) + 1;
      for (; index < this.lines.length && this.lineStarts[index] < sequence.end_ms; index += 1) {
        this.lines[index].dataset.kind = sequence.kind;
        this.marked.push(this.lines[index]);
      }
    }
  }

  /** Show the moment `ms`: its turn, its word, scrolled into view while following. */
  at(ms) {
    this.now = ms;
    const index = lastAtOrBefore(this.starts, ms);
    if (index !== this.current) this.turnTo(index);
    if (index < 0) return;
    const { words } = this.turns[index];
    let said = -1;
    for (let each = 0; each < words.length && words[each][0] <= ms; each += 1) said = each;
    if (said >= 0 && ms >= words[said][1] + 400) said = -1;
    if (said === this.word) return;
    this.spans[this.word]?.classList.remove("wd");
    this.spans[said]?.classList.add("wd");
    this.word = said;
  }

  turnTo(index) {
    this.leaveTurn();
    this.current = index;
    const row = this.rows[index];
    if (!row) return;
    row.classList.add("now");
    row.setAttribute("aria-current", "true");
    this.spans = this.wordByWord(row);
    if (this.following) this.reveal(row);
    this.onTurn?.();
  }

  leaveTurn() {
    const before = this.rows[this.current];
    if (before) {
      before.classList.remove("now");
      before.removeAttribute("aria-current");
      this.maker.plain(before.querySelector(".said"), this.turns[this.current]);
    }
    this.current = -1;
    this.word = -1;
    this.spans = [];
  }

  wordByWord(row) {
    return this.maker.wordByWord(row.querySelector(".said"), this.turns[row.dataset.i]);
  }

  /** Return when the word under the pointer begins, or null where there is none. */
  wordUnder(row, event) {
    if (!event.target.closest(".said")) return null;
    const spans = row === this.rows[this.current] ? this.spans : this.wordByWord(row);
    const hit = spans.indexOf(this.list.getRootNode().elementFromPoint(event.clientX, event.clientY));
    if (row !== this.rows[this.current]) this.maker.plain(row.querySelector(".said"), this.turns[row.dataset.i]);
    return hit < 0 ? null : this.turns[row.dataset.i].words[hit][0];
  }

  reveal(row) {
    const { list } = this;
    const place = () => list.scrollTop + row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight * 0.35;
    const far = Math.abs(place() - this.list.scrollTop) > NEAR_PX;
    const calm = far || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: place(), behavior: calm ? "instant" : "smooth" });
    // Rows that come into view get their true height only then, so a jump is set right after.
    if (far) this.settle(row, place, SETTLE_FRAMES);
  }

  settle(row, place, frames) {
    requestAnimationFrame(() => {
      if (!this.following || this.rows[this.current] !== row) return;
      this.list.scrollTop = place();
      if (frames > 1) this.settle(row, place, frames - 1);
    });
  }

  unfollow() {
    this.following = false;
    this.again.hidden = false;
  }

  follow() {
    this.following = true;
    this.again.hidden = true;
    if (this.rows[this.current]) this.reveal(this.rows[this.current]);
  }

  clicked(event) {
    if (getSelection()?.toString()) return; // somebody is copying words, not playing
    const row = event.target.closest("li[data-i], li[data-ms]");
    if (!row) return;
    if (event.target.closest(".editing")) return;
    const spoken = row.dataset.i === undefined ? null : this.wordUnder(row, event);
    const ms = spoken ?? (row.dataset.i === undefined ? Number(row.dataset.ms) : this.starts[row.dataset.i]);
    if (row.dataset.i !== undefined) this.choose(Number(row.dataset.i));
    this.follow();
    this.onPlay(ms);
  }

  pressed(event) {
    const row = event.target.closest("li[data-i]");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (step) this.focus(Number(row.dataset.i) + step);
    else if (event.key === "Home") this.focus(0);
    else if (event.key === "End") this.focus(this.rows.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Move the keyboard to one turn; the film stays where it is until Enter. */
  focus(index) {
    const place = Math.max(0, Math.min(this.rows.length - 1, index));
    const button = this.choose(place);
    if (!button) return;
    if (place !== this.current) this.unfollow();
    button.focus({ preventScroll: true });
    this.rows[place].scrollIntoView({ block: "nearest" });
    this.onTurn?.();
  }

  choose(place) {
    this.rows[this.focused]?.firstChild.setAttribute("tabindex", "-1");
    this.focused = place;
    const button = this.rows[place]?.firstChild;
    button?.setAttribute("tabindex", "0");
    return button;
  }

  /** Move the keyboard into the pane: to the turn being played, else where it was. */
  enter() {
    this.focus(this.current >= 0 ? this.current : this.focused);
  }

  /** Return the start of the next (or previous) turn from `ms`. */
  step(ms, by) {
    const index = lastAtOrBefore(this.starts, ms);
    return this.starts[Math.max(0, Math.min(this.starts.length - 1, index + by))] ?? ms;
  }

  /** Move to the least sure of the turns that nobody has been to yet, and return its start. */
  nextDoubtful() {
    const left = () => this.turns.filter((turn) => sureness(turn) < DOUBTFUL_TURN && !this.visited.has(turn.start_ms));
    if (!left().length) this.visited.clear();
    const next = left().reduce((least, turn) => (least && sureness(least) <= sureness(turn) ? least : turn), null);
    if (!next) return null;
    this.visited.add(next.start_ms);
    this.focus(next.index);
    return next.start_ms;
  }

  find() {
    this.search.hidden = false;
    this.search.focus();
    this.search.select();
  }

  searched(event) {
    event.stopPropagation();
    if (event.key === "Escape") {
      this.search.hidden = true;
      this.finder.focus();
    } else if (event.key === "Enter") {
      const sought = this.search.value.trim().toLocaleLowerCase(this.lang);
      const { length } = this.turns;
      for (let ahead = 1; sought && ahead <= length; ahead += 1) {
        const index = (this.focused + ahead) % length;
        const text = this.turns[index].words.map((word) => word[2]).join(" ");
        if (!text.toLocaleLowerCase(this.lang).includes(sought)) continue;
        this.focus(index);
        this.search.focus(); // Enter again goes to the next one
        return;
      }
    }
  }
}
