// How amounts of bytes and of waiting are written.

import { decimal, fill } from "./dom.js";

const UNITS = ["kB", "MB", "GB", "TB"];

/** Return an amount of bytes such as "2,6 GB". */
export function bytes(count, lang) {
  let amount = count / 1000;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${decimal(amount, lang, amount < 10 && unit ? 1 : 0)} ${UNITS[unit]}`;
}

/** Return roughly how long it still takes, in words. */
export function timeLeft(seconds, labels) {
  if (seconds < 60) return labels.under_a_minute;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? labels.one_minute : fill(labels.minutes_left, { minutes });
}
