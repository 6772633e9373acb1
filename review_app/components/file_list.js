// The files of a film in the order in which they are joined, each with how far it is. They are moved
// and taken out with buttons, or Alt and the arrows. Names stay on this computer: kinds stand for them.

import { bytes } from "./amounts.js";
import { el, fill, replace } from "./dom.js";
import { gapsIn } from "./film_files.js";
import { icon } from "./icons.js";

export class FileList {
  constructor({ queue, labels, lang, say }) {
    Object.assign(this, { queue, labels, lang, say });
    this.rows = new Map();
    this.list = el("ol", { class: "files", "aria-label": labels.files_in_order });
    this.gap = el("p", { class: "s gap", hidden: true });
    this.element = el("div", {}, this.list, this.gap);
  }

  draw() {
    const { files } = this.queue;
    for (const item of this.rows.keys()) if (!files.includes(item)) this.rows.delete(item);
    for (const item of files) if (!this.rows.has(item)) this.rows.set(item, this.row(item));
    const wanted = files.map((item) => this.rows.get(item).element);
    if (wanted.some((node, place) => node !== this.list.children[place]) || this.list.children.length !== wanted.length) {
      const held = this.list.getRootNode().activeElement;
      replace(this.list, wanted);
      if (this.list.contains(held)) held.focus(); // moving a node takes the focus from it
    }
    files.forEach((item, place) => this.update(item, place));
    this.drawGap();
  }

  row(item) {
    const { labels } = this;
    const button = (sign, run) => el("button", { type: "button", class: "btn sm q", on: { click: run } }, icon(sign));
    const row = { name: el("span", { class: "grow" }), size: el("span", { class: "s muted num" }), state: el("span", {}), up: button("arrow_up", () => this.move(item, -1)), down: button("arrow_down", () => this.move(item, 1)), out: button("close", () => this.takeOut(item)) };
    row.tools = el("span", { class: "tools" }, row.up, row.down, row.out);
    row.element = el("li", { on: { keydown: (event) => this.pressed(event, item) } }, icon(item.kind === "camera" ? "camera" : "sound"), row.name, row.size, row.state, row.tools);
    return row;
  }

  update(item, place) {
    const { labels, lang, queue } = this;
    const row = this.rows.get(item);
    const name = this.nameOf(item);
    row.name.textContent = name;
    row.size.textContent = item.size ? bytes(item.size, lang) : "";
    const state = this.stateOf(item);
    if (row.shown !== state.text) {
      row.shown = state.text;
      row.state.className = state.tone;
      replace(row.state, item.state === "received" ? icon("check") : null, state.text);
    }
    row.tools.hidden = queue.files.length < 2;
    for (const [button, label, off] of [[row.up, labels.move_up, place === 0], [row.down, labels.move_down, place === queue.files.length - 1], [row.out, labels.take_out, false]]) {
      button.setAttribute("aria-label", fill(label, { name }));
      button.setAttribute("aria-disabled", String(off));
    }
  }

  stateOf(item) {
    const { labels } = this;
    if (item.state === "received") return { tone: "tag ok", text: labels.file_received };
    if (item.state === "sending") return { tone: "tag you num", text: fill(labels.percent, { percent: Math.floor((item.sent / item.size) * 100) }) };
    return item.file ? { tone: "tag", text: labels.file_waits } : { tone: "tag wait", text: labels.file_missing };
  }

  // The kind of file stands for its name, which stays on this computer.
  nameOf(item) {
    const { labels, queue } = this;
    const same = queue.files.filter((each) => each.kind === item.kind);
    const name = labels[`file_${item.kind}`];
    return same.length > 1 ? fill(labels.part_of, { name, number: same.indexOf(item) + 1, total: same.length }) : name;
  }

  move(item, by) {
    if (!this.queue.move(item, by)) return;
    const place = this.queue.files.indexOf(item) + 1;
    this.say.textContent = fill(this.labels.moved_to, { number: place, total: this.queue.files.length });
  }

  takeOut(item) {
    const place = this.queue.files.indexOf(item);
    this.queue.takeOut(item);
    this.say.textContent = this.labels.taken_out;
    const next = this.queue.files[Math.min(place, this.queue.files.length - 1)];
    if (next) this.rows.get(next)?.out.focus();
  }

  pressed(event, item) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    this.move(item, by);
  }

  drawGap() {
    const { files } = this.queue;
    const [place] = files.every((item) => item.file) ? gapsIn(files.map((item) => item.file)) : [];
    this.gap.hidden = place === undefined;
    if (place !== undefined) this.gap.textContent = fill(this.labels.gap_between, { before: place + 1, after: place + 2 });
  }
}
