// The film laid out from left to right in lanes of DOM and SVG, and the same as a list for the
// keyboard and for screen readers. Draws, marks and points; saving is the caller's.

import { codeOf } from "./codes.js";
import { clock, el, fill, replace } from "./dom.js";
import { icon, kindIcon } from "./icons.js";
import { MarkHandles } from "./timeline_marks.js";
import { MovementLane } from "./timeline_movement.js";
import { PhaseBorders, phasesOf } from "./timeline_phases.js";
import { silences } from "./transcript.js";

const LEVELS = [1, 2, 4, 8, 16, 32];
const PEOPLE = ["caseworker", "youth", "parent", "other", "interpreter", "support", "network", "?"];
const TICKS_MS = [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];
const TICKS_AT_MOST = 13;
const OPEN_WITH_MS = 360_000; // six minutes in view is enough to see a theme and still hit a word
const MERGE_SHARE = 1 / 900; // turns closer than about a pixel are drawn as one
const LETTER_PX = 7.5;
const KEY_PX = 20;
const BLOCK = 24; // lines of the list, about what is in view; the browser lays out no others

export class Timeline {
  constructor({ labels, lang, onSeek, onMarks, onOpen, onPhase = null, announce, signal }) {
    Object.assign(this, { labels, lang, onSeek, onOpen, announce, signal });
    this.doc = null;
    this.movement = null;
    this.from = 0;
    this.to = 1;
    this.ms = 0;
    this.level = 0;
    this.listed = false;
    this.range = el("span", { class: "muted s num" });
    this.view = el("i");
    this.mini = el("span", { class: "mini", "aria-hidden": "true" }, this.view);
    this.lanes = el("div", { class: "lanes" });
    this.list = el("div", { class: "asList", role: "group", hidden: true, "aria-label": labels.timeline_list });
    this.item = el("li", {}, el("button", { type: "button", tabindex: "-1" }));
    this.head = el("u");
    this.area = el("div", { class: "lt" }, this.head);
    this.layer = el("div", { class: "sel" }, this.area);
    this.toggle = this.button("list", "timeline_as_list", () => this.showList(!this.listed));
    this.element = el("section", { class: "panel tl", "aria-label": labels.timeline, tabindex: "-1" },
      el("div", { class: "ph" }, el("h2", { text: labels.timeline }), this.range, this.mini,
        this.button("minus", "zoom_out", () => this.zoom(-1), "-"), this.button("add", "zoom_in", () => this.zoom(1), "+"), this.toggle,
        el("span", { class: "hstack xs muted hints" }, ["I", "O"].map((key) => el("kbd", { text: key })), labels.hint_mark, el("kbd", { text: "N" }), labels.hint_note, el("kbd", { text: "S" }), labels.hint_sequence, el("kbd", { text: "?" }), labels.hint_keys)),
      this.lanes, this.list);
    this.marks = new MarkHandles({ timeline: this, labels, onMarks, signal });
    this.borders = onPhase ? new PhaseBorders({ timeline: this, labels, onMove: onPhase, signal }) : null;
    this.lanes.addEventListener("click", (event) => this.clicked(event), { signal });
    this.mini.addEventListener("pointerdown", (event) => this.panned(event), { signal });
    this.mini.addEventListener("pointermove", (event) => event.buttons && this.panned(event), { signal });
    this.lanes.addEventListener("wheel", (event) => this.wheeled(event), { signal });
    this.list.addEventListener("click", ({ target }) => target.matches("button") && this.chose(target), { signal });
    this.list.addEventListener("keydown", (event) => this.walked(event), { signal });
  }

  /** Show the picture of what is pointed at, and of what the keyboard stands on. */
  lookWith(preview) {
    const { signal } = this;
    preview.along(this.lanes, {
      msAt: ({ target, clientX }) => (target.closest(".lt") ? this.msAt(clientX) : null),
      onPick: (ms) => ms !== null && this.onSeek(ms),
    });
    const look = ({ target }) => {
      const ms = target.matches(".handle") ? target.getAttribute("aria-valuenow") : target.dataset.start;
      if (ms && target.matches(":focus-visible")) preview.show(Number(ms), target.getBoundingClientRect());
    };
    for (const name of ["focusin", "keyup"]) this.element.addEventListener(name, look, { signal });
    this.element.addEventListener("focusout", () => preview.hide(), { signal });
  }

  button(sign, name, run, key) {
    const title = key ? `${this.labels[name]} (${key})` : this.labels[name];
    return el("button", { type: "button", class: "btn sm ic q", "aria-label": this.labels[name], title, "aria-keyshortcuts": key, on: { click: run } }, icon(sign));
  }

  /** Take the desk document, to be drawn; the window stays where it is. */
  show(doc) {
    const first = !this.doc;
    this.doc = doc;
    const heard = new Set(doc.turns.map((turn) => turn.speaker));
    this.speakers = PEOPLE.filter((role) => heard.has(role));
    this.length = Math.max(1000, doc.recording.duration_ms || 0, doc.turns.at(-1)?.end_ms ?? 0);
    this.quiet = silences(doc.turns);
    if (first) {
      this.showMovement(doc);
      this.level = Math.max(0, LEVELS.findLastIndex((each) => this.length / each >= Math.min(OPEN_WITH_MS * 0.75, this.length)));
      this.from = 0;
    }
    this.to = this.from + this.size;
  }

  /** Offer the lane of movement where there is one. */
  showMovement({ movement, me }) {
    if (!movement) return;
    const { labels } = this;
    const onFold = (isOpen) => {
      this.draw();
      this.announce(isOpen ? labels.movement_meaning : labels.movement_folded);
    };
    this.movement = new MovementLane({ movement, labels, person: me.id, onFold });
    this.toggle.before(this.movement.button);
  }

  get size() {
    return this.length / LEVELS[this.level];
  }

  window(from) {
    this.from = Math.max(0, Math.min(this.length - this.size, from));
    this.to = this.from + this.size;
    this.drawLanes();
  }

  zoom(by) {
    const level = Math.max(0, Math.min(LEVELS.length - 1, this.level + by));
    if (level === this.level) return;
    this.level = level;
    this.window(this.ms - this.size / 2);
  }

  share(ms) {
    return (ms - this.from) / (this.to - this.from);
  }

  /** Return the moment under a pointer. */
  msAt(clientX) {
    const box = this.area.getBoundingClientRect();
    return Math.round(Math.max(0, Math.min(this.length, this.from + ((clientX - box.left) / box.width) * (this.to - this.from))));
  }

  /** Move the playhead; turn the page when it leaves the window. */
  at(ms) {
    this.ms = ms;
    if (!this.doc) return;
    if ((ms < this.from || ms > this.to) && this.level) this.window(ms - this.size * 0.2);
    this.head.style.left = `${this.share(ms) * 100}%`;
  }

  draw() {
    if (!this.doc) return;
    this.drawLanes();
    this.listDrawn = false;
    if (this.listed) this.drawList();
  }

  drawLanes() {
    const { doc, labels } = this;
    this.range.textContent = `${clock(this.from)}–${clock(this.to)}`;
    this.px = this.area.clientWidth || this.px;
    replace(this.lanes, this.ruler(),
      this.speakers.map((role) => this.lane(this.person(role), "", this.speech(role))),
      this.lane(labels.lane_phases, "h", this.visible(phasesOf(doc)).map((each) => this.phase(each))),
      this.lane(labels.lane_keywords, "h", this.visible(this.keywords).map((each, index, all) => this.keyword(each, all[index + 1]))),
      this.lane(labels.lane_sequences, "h", [this.visible(doc.suggestions).map((each) => this.suggestion(each)), this.visible(doc.sequences).map((each) => this.sequence(each))]),
      this.lane(labels.lane_sound, "m", this.wave()),
      this.movement?.in(this.from, this.to),
      this.lane(labels.lane_notes, "n", doc.notes.filter((note) => note.at_ms >= this.from && note.at_ms <= this.to).map((note) => this.note(note))),
      this.layer);
    this.drawMini();
    this.marks.draw();
    this.at(this.ms);
  }

  /** All that a person set or used, and of what is only suggested that of the codebook in hand. */
  get keywords() {
    const { books, tags } = this.doc;
    const book = this.book ?? books[0].id;
    return tags.filter((each) => each.verdict === "confirmed" || (each.verdict === "suggested" && each.book === book));
  }

  /** Show what the machine suggests of another codebook. */
  showBook(book) {
    this.book = book;
    this.draw();
  }

  visible(items) {
    return items.filter((each) => each.end_ms >= this.from && each.start_ms <= this.to);
  }

  lane(name, kind, items) {
    return el("div", { class: `lane ${kind}` }, el("span", { class: "ll" }, name), el("div", { class: "lt" }, items));
  }

  place(start, end) {
    const left = Math.max(0, this.share(start));
    return { left: `${left * 100}%`, width: `${Math.max(0.0015, Math.min(1, this.share(end)) - left) * 100}%` };
  }

  person(role) {
    const { labels } = this;
    const name = role === "youth" ? fill(labels.youth_named, { letter: this.doc.recording.youth_letter }) : labels[`speaker_${role}`] ?? labels.speaker_unknown;
    return [el("span", { class: `who ${role === "?" ? "unknown" : role}`, "aria-hidden": "true", text: labels[`letter_${role}`] ?? "?" }), name];
  }

  speech(role) {
    const gap = (this.to - this.from) * MERGE_SHARE;
    const bars = [];
    for (const turn of this.doc.turns) {
      if (turn.speaker !== role || turn.end_ms < this.from || turn.start_ms > this.to) continue;
      const last = bars.at(-1);
      if (last && turn.start_ms - last[1] < gap) last[1] = Math.max(last[1], turn.end_ms);
      else bars.push([turn.start_ms, turn.end_ms]);
    }
    const quiet = role === "youth" ? this.visible(this.quiet).map((each) => el("i", { class: "sil", style: this.place(each.start_ms, each.end_ms) })) : [];
    return [bars.map(([start, end]) => el("i", { class: role === "?" ? "unknown" : role, style: this.place(start, end) })), quiet];
  }

  ruler() {
    const step = TICKS_MS.find((each) => this.size / each <= TICKS_AT_MOST) ?? 900_000;
    const ticks = [];
    for (let ms = Math.ceil((this.from + this.size * 0.02) / step) * step; ms < this.to - this.size * 0.02; ms += step) {
      ticks.push(el("span", { style: { left: `${this.share(ms) * 100}%` }, text: clock(ms) }));
    }
    return el("div", { class: "lane tk", "aria-hidden": "true" }, el("span", { class: "ll" }), el("div", { class: "lt" }, ticks));
  }

  piece(kind, item, said, ...inside) {
    const title = `${said}, ${clock(item.start_ms)}–${clock(item.end_ms)}`;
    return el("i", { class: kind, title, data: { id: item.id, start: item.start_ms }, style: this.place(item.start_ms, item.end_ms) }, ...inside);
  }

  phase(segment) {
    const suggested = segment.verdict === "suggested" ? " sug" : "";
    const handle = this.borders && segment.start_ms > 0 ? this.borders.handle() : "";
    return this.piece(`phs${suggested}`, segment, this.machine(segment, segment.label), handle, segment.label);
  }

  /** A keyword says as much as there is room for before the next: its label, its key, or nothing. */
  keyword(tag, next) {
    const code = codeOf(this.doc.codes, tag);
    const suggested = tag.verdict === "suggested";
    const told = code?.modifiers.find((each) => each.modifier === tag.modifier)?.label;
    const name = [tag.label ?? code?.label, told].filter(Boolean).join(" · ");
    const label = `${name}${suggested ? "?" : ""}`;
    const room = this.share(next?.start_ms ?? this.to) - this.share(tag.start_ms);
    const px = room * (this.px || 1);
    const size = px > label.length * LETTER_PX ? "" : code?.key && px > KEY_PX ? " nr" : " thin";
    const text = { "": label, " nr": code?.key, " thin": "" }[size];
    const piece = this.piece(`tg${suggested ? " sug" : ""}${size}`, tag, this.machine(tag, this.meaning(tag, name)), text);
    piece.dataset.tag = tag.id;
    return piece;
  }

  /** Return what a keyword meant when it was set, and in which edition of the codebook. */
  meaning({ description, codebook }, name) {
    return description ? `${name}: ${description} (${codebook})` : name;
  }

  machine(item, text) {
    if (item.verdict !== "suggested") return text;
    const { reason } = item;
    return reason ? fill(this.labels.suggested_because, { what: text, reason }) : fill(this.labels.suggested, { what: text });
  }

  sequence(sequence) {
    const piece = this.piece(`sq ${sequence.kind}`, sequence, `${sequence.order} ${sequence.title}`, kindIcon(sequence.kind), String(sequence.order));
    piece.dataset.sequence = sequence.id;
    return piece;
  }

  suggestion(suggestion) {
    return this.piece("sug sgl", suggestion, fill(this.labels.suggested_because, { what: suggestion.title, reason: suggestion.reason }));
  }

  note(note) {
    const sign = icon(note.visibility === "private" ? "lock" : "note");
    return el("i", { class: "np", title: clock(note.at_ms), data: { note: note.id, start: note.at_ms }, style: { left: `${this.share(note.at_ms) * 100}%` } }, sign);
  }

  wave() {
    const wave = this.doc.waveform;
    if (!wave?.length) return [];
    const first = Math.floor((this.from / this.length) * wave.length);
    const last = Math.max(first + 2, Math.ceil((this.to / this.length) * wave.length));
    const heights = wave.slice(first, last);
    const top = heights.map((value, index) => `${index},${(13 - (value / 255) * 12).toFixed(1)}`);
    const bottom = heights.map((value, index) => `${index},${(13 + (value / 255) * 12).toFixed(1)}`).reverse();
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${Math.max(1, heights.length - 1)} 26`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("class", "mv");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    shape.setAttribute("points", [...top, ...bottom].join(" "));
    svg.append(shape);
    return [svg];
  }

  drawMini() {
    const percent = (ms) => `${(ms / this.length) * 100}%`;
    this.view.style.left = percent(this.from);
    this.view.style.width = percent(this.to - this.from);
    replace(this.mini, this.doc.sequences.map((each) => el("em", { class: each.kind, style: { left: percent(each.start_ms), width: percent(Math.max(each.end_ms - each.start_ms, this.length / 300)) } })), this.view);
  }

  clicked(event) {
    const piece = event.target.closest("i[data-start]");
    if (!event.target.closest(".lt") || event.target.matches(".edge")) return;
    this.onSeek(piece ? Number(piece.dataset.start) : this.msAt(event.clientX));
    if (piece) this.onOpen(piece.dataset);
  }

  panned(event) {
    const box = this.mini.getBoundingClientRect();
    this.window(((event.clientX - box.left) / box.width) * this.length - this.size / 2);
  }

  wheeled(event) {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (event.ctrlKey) this.zoom(event.deltaY < 0 ? 1 : -1);
    else this.window(this.from + ((event.deltaX || event.deltaY) / 1000) * this.size);
  }

  showList(listed) {
    this.listed = listed;
    this.lanes.hidden = listed;
    this.list.hidden = !listed;
    this.toggle.setAttribute("aria-pressed", String(listed));
    if (listed && !this.listDrawn) this.drawList();
  }

  /** Everything on the lanes in order of time, in words, one line each. */
  drawList() {
    const { doc, labels } = this;
    const stretch = (item) => ({ from: clock(item.start_ms), to: clock(item.end_ms) });
    const items = [
      ...phasesOf(doc).map((each) => ({ ms: each.start_ms, data: { start: each.start_ms, id: each.id }, text: fill(labels.list_phase, { what: this.machine(each, each.label), ...stretch(each) }) })),
      ...this.keywords.map((each) => ({ ms: each.start_ms, data: { start: each.start_ms, tag: each.id }, text: fill(labels.list_keyword, { what: this.machine(each, each.label), ...stretch(each) }) })),
      ...doc.sequences.map((each) => ({ ms: each.start_ms, data: { start: each.start_ms, sequence: each.id }, text: fill(labels.list_sequence, { order: each.order, kind: labels[`kind_${each.kind}`], what: each.title, ...stretch(each) }) })),
      ...(this.movement?.isOpen ? this.movement.stretches : []).map((each) => ({ ms: each.start_ms, data: { start: each.start_ms }, text: fill(labels.list_movement, stretch(each)) })),
      ...doc.notes.map((each) => ({ ms: each.at_ms, data: { start: each.at_ms, note: each.id }, text: fill(labels.list_note, { from: clock(each.at_ms), what: each.text }) })),
    ].sort((a, b) => a.ms - b.ms);
    const blocks = [];
    for (let first = 0; first < items.length; first += BLOCK) {
      const some = items.slice(first, first + BLOCK);
      blocks.push(el("ol", { style: { "--lines": some.length } }, some.map((each) => this.line(each))));
    }
    replace(this.list, blocks);
    this.list.querySelector("button")?.setAttribute("tabindex", "0");
    if (!items.length) replace(this.list, el("p", { class: "muted", text: labels.timeline_empty }));
    this.listDrawn = true;
  }

  line({ data, text }) {
    const line = this.item.cloneNode(true);
    Object.assign(line.firstChild.dataset, data);
    line.firstChild.textContent = text;
    return line;
  }

  chose({ dataset }) {
    this.onSeek(Number(dataset.start));
    this.onOpen(dataset);
  }

  walked(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey) return;
    const all = [...this.list.querySelectorAll("button")];
    const next = all[all.indexOf(event.target.closest("button")) + step];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    this.list.querySelector('[tabindex="0"]').tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
