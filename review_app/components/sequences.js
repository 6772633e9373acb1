// The sequences chosen for the meeting, with the time they take, their balance and their order,
// and the machine's suggestions under them. Draws and asks; the actions save.

import { clock, el, fill, replace, span } from "./dom.js";
import { icon } from "./icons.js";
import { KINDS, kindTag } from "./kind.js";
import { sequenceForm } from "./sequence_form.js";

const BUDGET_MS = 240_000; // what an hour together has room for, with time to talk

export class Sequences {
  constructor({ labels, actions, marks, onOpen, onUse, onDismiss, canEdit, signal }) {
    Object.assign(this, { labels, actions, marks, onOpen, onUse, onDismiss, canEdit });
    this.doc = actions.doc;
    this.chosen = null;
    this.editing = null;
    this.used = el("span", { class: "num s" });
    this.first = el("span", { class: "xs muted" });
    this.bar = el("div", { class: "bal-b", "aria-hidden": "true" });
    this.counts = el("div", { class: "hstack xs wrap" });
    this.items = el("ol", { class: "its", "aria-label": labels.sequences, tabindex: "-1" });
    this.offered = el("div", { class: "sg" });
    const balance = el("div", { class: "bal" }, el("div", { class: "hstack" }, this.bar, this.first, this.used), this.counts);
    this.element = el("div", { class: "plist" }, balance, this.items, this.offered);
    this.items.addEventListener("click", (event) => this.clicked(event), { signal });
    this.items.addEventListener("keydown", (event) => this.pressed(event), { signal });
    for (const kind of ["dragstart", "dragover", "drop", "dragend"]) this.items.addEventListener(kind, (event) => this[kind](event), { signal });
  }

  draw() {
    const { doc, labels } = this;
    const total = doc.sequences.reduce((sum, each) => sum + each.end_ms - each.start_ms, 0);
    replace(this.used, el("b", { text: span(total) }), ` ${fill(labels.of_time, { total: span(BUDGET_MS) })}`);
    const firstIsStrength = doc.sequences[0]?.kind === "strength";
    replace(this.first, firstIsStrength ? [labels.strength_first, " ", icon("check")] : null);
    const lengths = KINDS.map((kind) => [kind, doc.sequences.filter((each) => each.kind === kind)]);
    const share = (list) => list.reduce((sum, each) => sum + each.end_ms - each.start_ms, 0);
    replace(this.bar, lengths.map(([kind, list]) => (list.length ? el("i", { class: kind, style: { flex: share(list) } }) : null)), total < BUDGET_MS ? el("i", { class: "rest", style: { flex: BUDGET_MS - total } }) : null);
    replace(this.counts, lengths.map(([kind, list]) => (list.length ? kindTag(kind, labels, list.length) : null)));
    const focused = this.items.getRootNode().activeElement?.closest?.("li")?.dataset.id;
    const kept = this.editing && doc.sequences.includes(this.editing) ? this.items.querySelector("form")?.closest("li") : null;
    this.arrange(doc.sequences.map((each) => (kept && each === this.editing ? kept : this.item(each))), kept);
    if (!doc.sequences.length) replace(this.items, el("li", { class: "empty" }, el("p", { text: this.canEdit ? labels.no_sequences : labels.not_released })));
    if (focused && !kept) this.items.querySelector(`li[data-id="${CSS.escape(focused)}"] .title`)?.focus({ preventScroll: true });
    this.drawOffered();
  }

  /** Put the rows in order round the one that is being written in: moved, it would lose the hand. */
  arrange(rows, kept) {
    if (!kept) return replace(this.items, rows);
    kept.dataset.id = this.editing.id;
    for (const row of [...this.items.children]) if (row !== kept) row.remove();
    kept.before(...rows.slice(0, rows.indexOf(kept)));
    kept.after(...rows.slice(rows.indexOf(kept) + 1));
  }

  item(sequence) {
    const { labels } = this;
    const on = sequence.id === this.chosen?.id;
    if (sequence === this.editing) {
      const form = sequenceForm({ sequence, labels, marks: this.marks, onChange: (fields) => this.actions.changeSequence(sequence, fields), onDone: () => this.edit(null) });
      return el("li", { class: "it on", data: { id: sequence.id } }, form);
    }
    const own = this.canEdit || sequence.by === this.doc.me.id;
    return el("li", { class: on ? "it on" : "it", data: { id: sequence.id }, draggable: this.canEdit ? "true" : null },
      this.canEdit ? el("span", { class: "dr", title: labels.drag_hint }, icon("drag")) : null,
      el("b", { class: "no num", text: String(sequence.order) }),
      el("div", { class: "grow" },
        el("div", { class: "hstack" }, el("button", { type: "button", class: "title grow", "aria-current": on ? "true" : null, "aria-keyshortcuts": this.canEdit ? "Alt+ArrowUp Alt+ArrowDown" : null, text: sequence.title || labels.untitled }),
          el("span", { class: "num xs muted time", text: `${clock(sequence.start_ms)}–${clock(sequence.end_ms)} · ${span(sequence.end_ms - sequence.start_ms)}` })),
        el("div", { class: "hstack xs" }, kindTag(sequence.kind, labels), el("span", { class: "muted grow keywords", text: sequence.keywords.join(", ") }),
          on && own ? [this.small("edit", labels.edit_sequence, "edit"), this.small("erase", labels.remove_sequence, "remove")] : null),
        sequence.prompt ? el("p", { class: "s pr", text: `”${sequence.prompt}”` }) : null));
  }

  small(sign, label, act) {
    return el("button", { type: "button", class: "btn sm ic q tiny", "aria-label": label, title: label, data: { act } }, icon(sign));
  }

  drawOffered() {
    const { doc, labels } = this;
    const overlap = (each) => doc.sequences.some((other) => Math.min(each.end_ms, other.end_ms) - Math.max(each.start_ms, other.start_ms) > (each.end_ms - each.start_ms) / 2);
    const open = doc.suggestions.filter((each) => this.actions.isOpen(each) && !overlap(each));
    const used = doc.suggestions.filter(overlap).length;
    this.offered.hidden = !this.canEdit;
    this.open = open;
    if (!this.canEdit) return;
    const head = el("div", { class: "hstack xs b muted" }, el("span", { class: "grow", text: open.some((each) => each.wished?.length) ? labels.suggestions_wished : labels.suggestions_head }), el("span", { text: doc.suggestions.length ? fill(labels.suggestions_used, { used, total: doc.suggestions.length }) : "" }));
    const rows = open.map((each) => el("li", { class: "hstack", data: { id: each.id } },
      el("button", { type: "button", class: "num xs muted at", "aria-label": fill(labels.play_from, { at: clock(each.start_ms) }), text: clock(each.start_ms), on: { click: () => this.onOpen(each) } }),
      el("span", { class: "grow s" }, each.title, each.wished?.length ? el("span", { class: "fits", text: ` · ${fill(labels.fits_wish, { words: each.wished.join(", ") })}` }) : null, each.reason ? el("span", { class: "muted reason", text: ` · ${each.reason}` }) : null),
      el("span", { class: "xs muted record", text: this.actions.record(each) }),
      el("button", { type: "button", class: "btn sm", text: labels.use, title: `${labels.use} (A)`, on: { click: () => this.onUse(each) } }),
      el("button", { type: "button", class: "btn sm ic q", "aria-label": labels.dismiss_suggestion, title: `${labels.dismiss_suggestion} (X)`, on: { click: () => this.onDismiss(each) } }, icon("close"))));
    replace(this.offered, head, rows.length ? el("ul", {}, rows) : el("p", { class: "s muted", text: doc.suggestions.length ? labels.suggestions_done : labels.no_suggestions }));
  }

  of(target) {
    return this.doc.sequences.find((each) => each.id === target?.closest?.("li[data-id]")?.dataset.id);
  }

  choose(sequence) {
    this.chosen = sequence;
    this.draw();
    this.items.querySelector(".on")?.scrollIntoView({ block: "nearest" });
  }

  /** Open the form of one sequence in its place, or close it with null. */
  edit(sequence) {
    const closed = this.editing;
    this.editing = sequence;
    if (sequence) this.chosen = sequence;
    this.draw();
    const form = this.items.querySelector("form");
    if (form) form.querySelector("input").select();
    else if (closed) this.items.querySelector(`li[data-id="${CSS.escape(closed.id)}"] .title`)?.focus();
    form?.scrollIntoView({ block: "nearest" });
  }

  clicked(event) {
    const sequence = this.of(event.target);
    if (!sequence || event.target.closest("form")) return;
    const { act } = event.target.closest("[data-act]")?.dataset ?? {};
    if (act === "edit") this.edit(sequence);
    else if (act === "remove") this.actions.removeSequence(sequence);
    else this.onOpen(sequence);
  }

  pressed(event) {
    const sequence = this.of(event.target);
    if (!sequence || event.target.closest("form")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey && this.canEdit) this.actions.moveSequence(sequence, this.doc.sequences.indexOf(sequence) + step);
    else if (step && !event.altKey) this.items.querySelectorAll(".title")[this.doc.sequences.indexOf(sequence) + step]?.focus();
    else if (event.key === "Delete" && this.canEdit) this.actions.removeSequence(sequence);
    else if (event.key === "F2" && this.canEdit) this.edit(sequence);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Dragging is the mouse's way of Alt+arrows.

  dragstart(event) {
    this.dragged = event.target.closest?.("form") ? null : this.of(event.target);
    if (this.dragged) event.dataTransfer.effectAllowed = "move";
    else event.preventDefault();
  }

  dragover(event) {
    if (!this.dragged) return;
    event.preventDefault();
    for (const row of this.items.children) row.classList.toggle("over", row === event.target.closest("li"));
  }

  drop(event) {
    const over = this.of(event.target);
    event.preventDefault();
    if (this.dragged && over) this.actions.moveSequence(this.dragged, this.doc.sequences.indexOf(over));
  }

  dragend() {
    this.dragged = null;
    for (const row of this.items.children) row.classList.remove("over");
  }
}
