// The kinds of sequence, each by a sign and a word, so that colour may be lost.

import { el } from "./dom.js";
import { kindIcon } from "./icons.js";

export const KINDS = ["strength", "open_question", "work_point"];

/** The sign and word of a kind, with how many there are if that is given. */
export function kindTag(kind, labels, count = "") {
  return el("span", { class: `kind ${kind}` }, kindIcon(kind), `${labels[`kind_${kind}`]}${count === "" ? "" : ` ${count}`}`);
}
