/**
 * What the plan serves: one of the caseworker's own goals, or own words where none fits.
 *
 *   goalField({labels, goals, fields, inputs, changed})   an element; puts its fields into `inputs`
 *
 * The plan keeps the goal's words as they were when it was written, so that what is signed stays;
 * they are shown where the goal reads otherwise by now.
 */

import { el } from "./dom.js";
import { textField } from "./minutes_fields.js";

export function goalField({ labels: l, goals, fields, inputs, changed }) {
  const words = textField({ label: l.goal_in_words, value: fields["plan.goal"], input: () => changed("plan.goal") });
  inputs.set("plan.goal", words);
  const known = (id) => goals.find((goal) => goal.id === id);
  const offered = goals.filter((goal) => !goal.aside || goal.id === fields["plan.towards"]);
  const select = el("select", { class: "in", "aria-label": l.works_towards }, offered.map((goal) => el("option", { value: goal.id, text: goal.goal })), el("option", { value: "", text: offered.length ? l.other_words : l.no_own_goals }));
  const quote = el("p", { class: "quote" });
  const show = () => {
    quote.textContent = words.value ? `”${words.value}”` : "";
    quote.classList.toggle("same", words.value === (known(select.value)?.goal ?? ""));
    quote.hidden = !select.value;
    words.hidden = Boolean(select.value);
    words.grow?.();
  };
  select.addEventListener("change", () => {
    words.value = known(select.value)?.goal ?? "";
    show();
    changed("plan.towards");
    changed("plan.goal");
  });
  const choose = (id) => {
    select.value = known(id) ? id : "";
    show();
  };
  choose(fields["plan.towards"]);
  inputs.set("plan.towards", { get value() { return select.value; }, set value(id) { choose(id); }, grow: show });
  return el("div", { class: "vstack" }, offered.length ? select : null, quote, words);
}
