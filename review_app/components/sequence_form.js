// The form of one sequence, opened in its own place in the list. Every field saves itself.

import { clock, el } from "./dom.js";
import { kindIcon } from "./icons.js";
import { KINDS } from "./kind.js";

const PAUSE_MS = 800;

export function sequenceForm({ sequence, labels, marks, onChange, onDone }) {
  const field = (name, control) => el("label", { class: "fld" }, el("span", { class: "xs b", text: labels[name] }), control);
  const timers = new Map();
  const saving = (control, read) => {
    const save = () => {
      clearTimeout(timers.get(control));
      onChange(read());
    };
    control.addEventListener("input", () => {
      clearTimeout(timers.get(control));
      timers.set(control, setTimeout(save, PAUSE_MS));
    });
    control.addEventListener("change", save);
    return control;
  };
  const title = saving(el("input", { class: "in", value: sequence.title, maxlength: 120 }), () => ({ title: title.value.trim() }));
  const keywords = saving(el("input", { class: "in", value: sequence.keywords.join(", ") }), () => ({ keywords: keywords.value.split(",").map((each) => each.trim()).filter(Boolean) }));
  const prompt = saving(el("textarea", { class: "ta", rows: 2, value: sequence.prompt }), () => ({ prompt: prompt.value.trim() }));
  const context = saving(el("input", { class: "in num", type: "number", min: 0, max: 60, step: 1, value: Math.round(sequence.context_ms / 1000) }), () => ({ context_ms: Math.max(0, Math.min(60, Number(context.value) || 0)) * 1000 }));
  const kinds = KINDS.map((kind) => el("button", { type: "button", class: `kind ${kind}`, "aria-pressed": String(kind === sequence.kind), on: { click: () => {
    for (const each of kinds) each.setAttribute("aria-pressed", String(each.classList.contains(kind)));
    onChange({ kind });
  } } }, kindIcon(kind), labels[`kind_${kind}`]));
  const times = el("span", { class: "num s", text: `${clock(sequence.start_ms)}–${clock(sequence.end_ms)}` });
  const fromMarks = el("button", { type: "button", class: "btn sm q", text: labels.take_marks, on: { click: () => {
    if (marks.in_ms === null || marks.out_ms === null) return;
    times.textContent = `${clock(marks.in_ms)}–${clock(marks.out_ms)}`;
    onChange({ start_ms: marks.in_ms, end_ms: marks.out_ms });
  } } });
  const form = el("form", { class: "sqf grow" },
    field("field_title", title),
    el("div", { class: "seg kinds", role: "group", "aria-label": labels.field_kind }, kinds),
    field("field_keywords", keywords),
    field("field_prompt", prompt),
    el("div", { class: "hstack" }, field("field_context", context), times, fromMarks, el("span", { class: "grow" }), el("button", { class: "btn sm", text: labels.done })));
  const close = (event) => {
    event.preventDefault();
    event.stopPropagation();
    form.getRootNode().activeElement?.blur(); // a field that is being written in saves itself first
    onDone();
  };
  form.addEventListener("submit", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) close(event);
  });
  return form;
}
