/**
 * The hour of the joint review in words, and as a file for a calendar.
 *
 *   whenTheyMeet(cycle, {labels, lang})          words; the cycle has an hour
 *   calendarLink({cycle, labels, calendar})      a link to the file at the address `calendar`
 */

import { el, fill, hourMinute, longDate } from "./dom.js";
import { icon } from "./icons.js";

/** Say when the two meet, in words. */
export function whenTheyMeet(cycle, { labels, lang }) {
  const at = new Date(cycle.meeting_at);
  return fill(labels.meet_at, { date: longDate(at, lang), time: hourMinute(at, lang) });
}

/** The file that puts the hour into a calendar, or takes one that was called off out of it. */
export function calendarLink({ cycle, labels, calendar }) {
  const label = cycle.meeting_at ? labels.to_calendar : labels.out_of_calendar;
  return el("a", { class: "btn sm", href: calendar, download: "samspil.ics" }, icon("calendar"), label);
}
