// The dialog before a release: what the caseworker will see, whether a strength comes first, and
// when the two meet. Asks; the caller releases.

import { clock, el, fill, givenName, span } from "./dom.js";
import { icon } from "./icons.js";
import { kindTag } from "./kind.js";
import { meetingFields } from "./meeting_fields.js";

export function releaseDialog({ doc, labels, host, onRelease }) {
  const name = givenName(doc.other.name);
  const shared = doc.notes.filter((note) => note.visibility !== "private");
  const meeting = meetingFields({ cycle: doc.cycle, labels });
  const unasked = doc.sequences.filter((each) => !each.prompt).length;
  const strong = doc.sequences[0]?.kind === "strength";
  const empty = !doc.sequences.length;
  const check = (good, text) => el("li", { class: good ? "good" : "look" }, icon(good ? "check" : "info"), text);
  const dialog = el("dialog", { class: "ask", "aria-labelledby": "release-title" },
    el("form", { method: "dialog" },
      el("h2", { id: "release-title", text: fill(labels.release_to_title, { name }) }),
      el("p", { class: "muted", text: fill(labels.release_meaning, { name }) }),
      el("h3", { text: fill(labels.will_see, { name }) }),
      empty ? el("p", { text: labels.no_sequences }) : el("ol", { class: "sees" }, doc.sequences.map((each) => el("li", {}, el("b", { class: "num", text: String(each.order) }), el("span", { class: "grow" }, el("b", { text: each.title || labels.untitled }), each.prompt ? el("span", { class: "muted s", text: ` ”${each.prompt}”` }) : null), kindTag(each.kind, labels), el("span", { class: "num xs muted", text: `${clock(each.start_ms)} · ${span(each.end_ms - each.start_ms)}` })))),
      el("p", { class: "s", text: fill(labels.will_see_notes, { count: shared.length }) }),
      el("p", { class: "s muted" }, icon("lock"), ` ${fill(labels.stays_yours, { count: doc.notes.length - shared.length })}`),
      el("ul", { class: "checks" }, check(strong, strong ? labels.check_strength_first : labels.check_strength_not_first), check(!unasked, unasked ? fill(labels.check_prompts_missing, { count: unasked }) : labels.check_prompts)),
      meeting.elements,
      el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => dialog.close() } }), el("span", { class: "grow" }), el("button", { type: "submit", class: "btn p", disabled: empty, text: fill(labels.release_now, { name }) }))));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    onRelease(meeting.read() ?? {});
  });
  dialog.addEventListener("close", () => dialog.remove());
  host.append(dialog);
  dialog.showModal();
  return dialog;
}
