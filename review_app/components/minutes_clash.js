/**
 * Two texts for one field, side by side, until somebody chooses. No saving here.
 *
 *   clashCards(clashes, {labels, name, settle})   elements; settle(field, text) is told the choice
 */

import { el, fill } from "./dom.js";
import { joined } from "./minutes_merge.js";

export function clashCards(clashes, { labels: l, name, settle }) {
  return [...clashes].map(({ field, mine, theirs }) => {
    const use = (label, text) => el("button", { type: "button", class: "btn sm", text: label, on: { click: () => settle(field, text) } });
    const text = (title, words) => el("div", {}, el("b", { text: title }), el("p", { text: words }));
    return el(
      "section",
      { class: "banner wait clash", role: "status" },
      el("div", { class: "grow" }, el("b", { text: l.both_wrote }), el("p", { text: l.both_wrote_text }), el("div", { class: "pair" }, text(l.your_text, mine), text(fill(l.name_text, { name }), theirs))),
      el("div", { class: "vstack" }, use(l.use_mine, mine), use(fill(l.use_theirs, { name }), theirs), use(l.use_both, joined(mine, theirs))),
    );
  });
}
