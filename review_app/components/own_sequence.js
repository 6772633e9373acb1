// The form by which the caseworker adds a sequence of her own, anywhere in the film.

import { clock, el } from "./dom.js";

const LONGEST_FIRST_MS = 30_000;

export function ownSequence({ prepare }) {
  const { labels, player, api, doc } = prepare;
  const place = { start_ms: player.now_ms, end_ms: Math.min(player.now_ms + LONGEST_FIRST_MS, doc.recording.duration_ms) };
  const times = el("p", { class: "num b", role: "status" });
  const show = () => {
    times.textContent = `${clock(place.start_ms)}–${clock(place.end_ms)}`;
    save.disabled = place.end_ms <= place.start_ms;
  };
  const set = (which) => () => {
    place[which] = player.now_ms;
    show();
  };
  const title = el("input", { class: "in", maxlength: 120, required: true });
  const prompt = el("textarea", { class: "ta", rows: 2 });
  const save = el("button", { class: "btn p", text: labels.add_sequence });
  const back = () => prepare.choose(prepare.sequence);
  const seek = el("input", { type: "range", class: "whole", min: 0, max: doc.recording.duration_ms, step: 100, value: player.now_ms, "aria-label": labels.place_in_film });
  seek.addEventListener("input", () => player.seek(Number(seek.value)));
  const form = el("form", { class: "vstack one" },
    el("h2", { tabindex: "-1", text: labels.own_title }),
    el("p", { class: "s muted", text: labels.own_meaning }),
    seek,
    el("div", { class: "hstack wrap" }, el("button", { type: "button", class: "btn sm", text: labels.starts_here, on: { click: set("start_ms") } }), el("button", { type: "button", class: "btn sm", text: labels.ends_here, on: { click: set("end_ms") } }), times),
    el("label", { class: "fld" }, el("span", { class: "b s", text: labels.field_title }), title),
    el("label", { class: "fld" }, el("span", { class: "b s", text: labels.own_question }), prompt),
    el("div", { class: "ft" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: back } }), el("span", { class: "grow" }), save));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sequence = { ...place, title: title.value.trim(), kind: "open_question", keywords: [], prompt: prompt.value.trim(), context_ms: 5000 };
    try {
      const result = await api.intent("add_sequence", sequence);
      doc.sequences.push({ ...sequence, id: result?.id ?? result, order: doc.sequences.length + 1, by: doc.me.id });
    } catch {
      return; // said already; what was written stays
    }
    prepare.choose(doc.sequences.at(-1));
  });
  show();
  return form;
}
