/**
 * When the two meet, and for how long: the fields, and the dialog that moves or calls off.
 *
 *   meetingFields({cycle, labels})               {elements, read}; read() is {meeting_at, minutes}, or null
 *   meetingDialog({doc, labels, lang, host, actions, calendar})
 */

import { el, fill, givenName } from "./dom.js";
import { calendarLink, whenTheyMeet } from "./meeting_time.js";

const LENGTHS = [30, 45, 60, 75, 90, 120];
const USUAL = 60;
const MINUTE_MS = 60_000;

export function meetingFields({ cycle, labels }) {
  const at = el("input", { class: "in", type: "datetime-local", id: "meeting-at" });
  if (cycle.meeting_at) at.value = localMinute(new Date(cycle.meeting_at));
  const long = cycle.meeting_minutes ?? USUAL;
  const lengths = LENGTHS.includes(long) ? LENGTHS : [...LENGTHS, long].sort((a, b) => a - b);
  const minutes = el("select", { class: "in", id: "meeting-minutes" }, lengths.map((each) => el("option", { value: String(each), text: fill(labels.minutes, { minutes: each }) })));
  minutes.value = String(long);
  const field = (label, control) => el("label", { class: "fld", for: control.id }, el("span", { class: "b s", text: label }), control);
  return {
    elements: [field(labels.meeting_time, at), field(labels.meeting_length, minutes)],
    read: () => (at.value ? { meeting_at: new Date(at.value).toISOString(), minutes: Number(minutes.value) } : null),
  };
}

export function meetingDialog({ doc, labels, lang, host, actions, calendar }) {
  const { cycle } = doc;
  const name = givenName(doc.other.name);
  const fields = meetingFields({ cycle, labels });
  const shut = (run) => {
    dialog.close();
    run();
  };
  const off = el("button", { type: "button", class: "btn q", text: labels.call_off, on: { click: () => shut(() => actions.callOffMeeting()) } });
  const dialog = el("dialog", { class: "ask", "aria-labelledby": "meeting-title" },
    el("form", { method: "dialog" },
      el("h2", { id: "meeting-title", text: labels.meeting_title }),
      el("p", { class: "muted", text: cycle.meeting_at ? whenTheyMeet(cycle, { labels, lang }) : fill(labels.no_meeting_yet, { name }) }),
      fields.elements,
      cycle.meeting_at || cycle.meeting_called_off ? calendarLink({ cycle, labels, calendar }) : null,
      el("p", { class: "s muted", text: fill(labels.calendar_meaning, { name }) }),
      el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => dialog.close() } }), cycle.meeting_at ? off : null, el("span", { class: "grow" }), el("button", { type: "submit", class: "btn p", text: labels.save_meeting }))));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const agreed = fields.read();
    if (agreed) shut(() => actions.agreeMeeting(agreed));
    else dialog.querySelector("#meeting-at").focus();
  });
  dialog.addEventListener("close", () => dialog.remove());
  host.append(dialog);
  dialog.showModal();
  return dialog;
}

function localMinute(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}
