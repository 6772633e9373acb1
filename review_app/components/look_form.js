/**
 * A look back at a goal after one review: where one is in one's own eyes, and what one tried.
 *
 *   lookForm({goal, reviews, labels, onSave, onCancel})   a form; onSave gets {recording, place, tried}
 */

import { el, fill } from "./dom.js";

const MOST = 10;

export function lookForm({ goal, reviews, labels, onSave, onCancel }) {
  const lookOf = (recording) => goal.looks.find((look) => look.recording === recording);
  const newest = [...reviews].reverse();
  const after = el("select", { class: "in" }, newest.map(({ recording, number, week }) => el("option", { value: recording, text: fill(labels.review_n, { number, week }) })));
  const places = Array.from({ length: MOST + 1 }, (_, place) => el("input", { type: "radio", name: "place", value: String(place), required: true }));
  const line = el("fieldset", { class: "place" }, el("legend", { class: "b", text: labels.where_are_you }),
    el("div", { class: "dots" }, places.map((radio, place) => el("label", { class: "num" }, radio, el("span", { text: String(place) })))),
    el("div", { class: "hstack s muted" }, el("span", { class: "grow", text: labels.not_begun }), el("span", { text: labels.as_i_want })));
  const tried = el("textarea", { class: "ta", rows: "2", maxlength: 1000 });
  const show = () => {
    const look = lookOf(after.value);
    places.forEach((radio, place) => (radio.checked = place === look?.place));
    tried.value = look?.tried ?? "";
  };
  after.value = newest.find((review) => !lookOf(review.recording))?.recording ?? newest[0].recording;
  after.addEventListener("change", show);
  show();
  const form = el("form", { class: "vstack goalform" },
    el("label", { class: "fld" }, el("span", { class: "b", text: labels.after_which }), after),
    line,
    el("label", { class: "fld" }, el("span", { class: "b", text: labels.what_tried }), tried),
    el("p", { class: "s muted", text: labels.look_meaning }),
    el("div", { class: "hstack" }, el("button", { type: "submit", class: "btn p", text: labels.save_look }), el("button", { type: "button", class: "btn q", text: labels.not_yet, on: { click: onCancel } })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSave({ recording: after.value, place: places.findIndex((radio) => radio.checked), tried: tried.value.trim() });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (event.key === "Escape") onCancel();
  });
  return form;
}
