/**
 * The writing fields of the minutes: growing text, lists of lines, a choice of one.
 *
 *   textField({label, value, input, area})         element with .value
 *   listField({labels, name, value, input, most})  element with .value as lines
 *   choiceField({label, options, value, input})    element with .value; options [[value, words]]
 *
 * `input` is called after every change. Setting `value` redraws, and never calls `input`.
 */

import { el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

export function textField({ label, value = "", input, area = true, extra = "" }) {
  const field = el(area ? "textarea" : "input", { class: `in ${extra}`, "aria-label": label, rows: area ? "1" : null, maxlength: "8000", value, on: { input } });
  if (area) {
    const grow = () => {
      field.style.height = "auto";
      if (field.scrollHeight) field.style.height = `${field.scrollHeight + 2}px`;
    };
    field.addEventListener("input", grow);
    field.grow = grow;
    requestAnimationFrame(grow);
  }
  return field;
}

export function listField({ labels: l, name, value = "", input, most = 20, sign = "check", removed }) {
  const rows = el("ul", { class: "rows" });
  const add = el("button", { type: "button", class: "btn sm q", on: { click: () => append("").field.focus() } }, icon("add"), l.add);
  const box = el("div", { class: "listfield" }, rows, add);
  const fields = () => [...rows.querySelectorAll("textarea")];
  const settle = () => {
    fields().forEach((field, i) => field.setAttribute("aria-label", fill(name, { n: i + 1 })));
    add.hidden = fields().length >= most || box.dataset.locked === "1";
  };
  const append = (text, before = null) => {
    const field = textField({ label: "", value: text, input });
    const remove = () => {
      const following = row.nextSibling;
      const kept = field.value;
      row.remove();
      settle();
      input();
      if (kept.trim()) removed(() => {
        append(kept, following);
        input();
      });
    };
    const row = el("li", {}, icon(sign), field, el("button", { type: "button", class: "btn sm ic q", "aria-label": l.remove, title: l.remove, on: { click: remove } }, icon("close")));
    rows.insertBefore(row, before);
    settle();
    return { field };
  };
  Object.defineProperty(box, "value", {
    get: () => fields().map((field) => field.value.replace(/\n/g, " ").trim()).filter(Boolean).join("\n"),
    set: (text) => {
      replace(rows);
      text.split("\n").filter(Boolean).forEach((line) => append(line));
      settle();
    },
  });
  box.value = value;
  return box;
}

export function choiceField({ label, options, value, input }) {
  let chosen = value;
  const show = () => [...box.children].forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.value === chosen)));
  const choose = (next) => {
    chosen = next;
    show();
    input();
  };
  const box = el("div", { class: "seg", role: "group", "aria-label": label }, options.map(([key, words]) => el("button", { type: "button", data: { value: key }, text: words, on: { click: () => choose(key) } })));
  Object.defineProperty(box, "value", {
    get: () => chosen,
    set: (next) => {
      chosen = next;
      show();
    },
  });
  show();
  return box;
}
