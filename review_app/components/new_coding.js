// Where a stretch to be marked begins and ends, and what both look for in it. Asks; the caller begins.

import { clock, el, fill, replace } from "./dom.js";

const LENGTH_MS = 300_000; // long enough for twenty turns, short enough to be marked at a sitting
const COMMON = ["open_question", "closed_question", "reflection"];

export function newCoding({ books, labels, name, now, longest, onBegin }) {
  const place = { start_ms: now(), end_ms: Math.min(now() + LENGTH_MS, longest ?? Infinity) };
  const shown = { start_ms: el("b", { class: "num" }), end_ms: el("b", { class: "num" }) };
  const begin = el("button", { type: "submit", class: "btn p", text: labels.begin_marking });
  const all = books.map(({ codes }) => codes.map((each) => [each, el("input", { type: "checkbox", value: each.code, checked: COMMON.includes(each.code) })]));
  const book = el("select", { class: "in" }, books.map(({ title }) => el("option", { text: title })));
  const keywords = el("div", {});
  const chosen = () => all[book.selectedIndex].filter(([, box]) => box.checked).map(([each]) => each.code);
  const rows = () => all[book.selectedIndex].map(([each, box]) => el("label", { class: "pick" }, box, el("span", {}, el("b", { class: "s", text: each.label }), el("span", { class: "xs muted", text: ` ${each.description}` }))));
  const draw = () => {
    for (const end of Object.keys(shown)) shown[end].textContent = clock(place[end]);
    begin.disabled = place.start_ms >= place.end_ms || !chosen().length;
  };
  const take = (end, label) => el("p", { class: "hstack" }, el("span", { text: labels[end === "start_ms" ? "stretch_from" : "stretch_to" ] }), shown[end], el("button", { type: "button", class: "btn sm", text: label, on: { click: () => { place[end] = now(); draw(); } } }));
  const form = el("form", { class: "vstack new" },
    el("h2", { text: labels.new_stretch }),
    el("p", { class: "s muted", text: fill(labels.new_stretch_meaning, { name }) }),
    take("start_ms", labels.starts_here), take("end_ms", labels.ends_here),
    el("fieldset", {}, el("legend", { class: "b s", text: labels.look_for }), el("label", { class: "hstack s" }, labels.codebook, book), keywords),
    el("div", {}, begin));
  book.addEventListener("change", () => replace(keywords, rows()));
  form.addEventListener("change", draw);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onBegin({ ...place, book: books[book.selectedIndex].id, codes: chosen() });
  });
  replace(keywords, rows());
  draw();
  return replace(el("div", { class: "card" }), form);
}
