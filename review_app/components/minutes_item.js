/**
 * One sequence in the minutes: what was seen, what was said, whether it was reached.
 *
 *   itemRow(shell, {item, n, inputs, changed, open})   an element; puts its fields into `inputs`
 */

import { clock, el } from "./dom.js";
import { icon, kindIcon } from "./icons.js";
import { textField } from "./minutes_fields.js";

export function itemRow(shell, { item, n, inputs, changed, open }) {
  const l = shell.labels;
  const key = (name) => `item.${item.sequence}.${name}`;
  const field = (name) => {
    const input = textField({ label: `${item.title}: ${l[name]}`, value: shell.fields[key(name)], input: () => changed(key(name)), extra: "quiet" });
    inputs.set(key(name), input);
    return [el("dt", { text: l[name] }), el("dd", {}, input)];
  };
  const place = el("button", { type: "button", class: "link xs num", title: l.go_to_place, on: { click: open } }, icon("play"), clock(item.start_ms));
  const toggle = el("button", { type: "button", class: "btn sm q reach" });
  const body = el("dl", {}, field("seen"), field("said"));
  const note = el("p", { class: "xs muted", text: l.not_reached });
  const row = el("li", {}, el("div", { class: "hstack" }, el("b", { class: "grow", text: `${n}. ${item.title}` }), toggle, el("span", { class: `kind ${item.kind}` }, kindIcon(item.kind), l[`kind_${item.kind}`]), place), note, body);
  const show = (reached) => {
    row.classList.toggle("sk", !reached);
    body.hidden = !reached;
    note.hidden = reached;
    toggle.textContent = reached ? l.mark_not_reached : l.mark_reached;
  };
  const holder = { get value() { return row.classList.contains("sk") ? "" : "1"; }, set value(text) { show(text === "1"); } };
  toggle.addEventListener("click", () => {
    show(row.classList.contains("sk"));
    changed(key("reached"));
  });
  show(shell.fields[key("reached")] === "1");
  inputs.set(key("reached"), holder);
  return row;
}
