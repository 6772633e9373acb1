/**
 * The five questions of a goal: what, how it shows, with what means, why, by when. What is written
 * stays in the tab until it is saved or left.
 *
 *   goalForm({goal, labels, weeks, week, memory, onSave, onCancel})   a form; goal may be null
 */

import { el, fill } from "./dom.js";

const AHEAD_WEEKS = 6; // what a new goal is given at first: about two reviews
const LONGEST = 1000;

export function goalForm({ goal, labels, weeks, week, memory, onSave, onCancel }) {
  const kept = JSON.parse(sessionStorage.getItem(memory) ?? "null");
  const before = kept ?? goal ?? { week: Math.min(week + AHEAD_WEEKS, weeks) };
  const question = (name, control) => el("label", { class: "fld" }, el("span", { class: "b", text: labels[`ask_${name}`] }), el("span", { class: "s muted", text: labels[`hint_${name}`] }), control);
  const area = (name, required = false) => el("textarea", { class: "ta", rows: "2", name, maxlength: LONGEST, required, value: before[name] ?? "" });
  const by = el("select", { class: "in week", name: "week" }, Array.from({ length: weeks }, (_, at) => el("option", { value: String(at + 1), text: fill(labels.week_n, { week: at + 1 }) })));
  by.value = String(before.week);
  const areas = { goal: area("goal", true), sign: area("sign"), means: area("means"), reason: area("reason") };
  const fields = () => ({ ...Object.fromEntries(Object.entries(areas).map(([name, field]) => [name, field.value.trim()])), week: Number(by.value) });
  const save = el("button", { type: "submit", class: "btn p", text: labels.save_goal });
  const cancel = () => {
    sessionStorage.removeItem(memory);
    onCancel();
  };
  const form = el("form", { class: "vstack goalform", on: { input: () => sessionStorage.setItem(memory, JSON.stringify(fields())) } },
    ...Object.entries(areas).map(([name, field]) => question(name, field)),
    question("week", by),
    el("div", { class: "hstack" }, save, el("button", { type: "button", class: "btn q", text: labels.not_yet, on: { click: cancel } })));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!areas.goal.value.trim()) return areas.goal.focus();
    save.disabled = true;
    if (await onSave(fields())) sessionStorage.removeItem(memory);
    save.disabled = false;
    return null;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (event.key === "Escape") cancel();
  });
  return form;
}
