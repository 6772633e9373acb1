/**
 * Minutes and plan as they look on one page of paper: read only, black on white.
 *
 *   paper(shell)    an element; shell is that of minutes.js
 */

import { clock, el } from "./dom.js";
import { icon } from "./icons.js";
import { unlines } from "./minutes_merge.js";

export function paper(shell) {
  const { labels: l, fields, minutes } = shell;
  const reached = minutes.items.filter((item) => fields[`item.${item.sequence}.reached`] === "1");
  const missed = minutes.items.filter((item) => !reached.includes(item));
  const row = (word, text) => (text ? [el("dt", { text: word }), el("dd", { text })] : []);
  const list = (texts) => el("ul", {}, texts.map((text) => el("li", { text })));
  const approvals = ["supervisor", "caseworker"].map((side) => shell.approvalOf(side)).filter(Boolean);
  return el(
    "article",
    { class: "paper" },
    el("button", { type: "button", class: "btn noprint", on: { click: () => window.print() } }, icon("print"), l.print),
    el("h1", { text: l.minutes_title }),
    el("p", { text: shell.heading() }),
    el("h2", { text: l.minutes }),
    el(
      "ol",
      {},
      reached.map((item) =>
        el("li", {}, el("b", { text: `${item.title} (${clock(item.start_ms)}, ${l[`kind_${item.kind}`]})` }), el("dl", {}, row(l.seen, fields[`item.${item.sequence}.seen`]), row(l.said, fields[`item.${item.sequence}.said`]))),
      ),
    ),
    missed.map((item) => el("p", { text: `${item.title}: ${l.not_reached}` })),
    el("h2", { text: l.agreed }),
    list(unlines(fields.agreements)),
    el("h2", { text: l.plan_title }),
    el("dl", {}, row(l.with_whom, shell.whom()), row(l.when, fields["plan.when"]), row(l.goal, fields["plan.goal"])),
    el("h3", { text: l.will_try }),
    list(unlines(fields["plan.will_try"])),
    el("h3", { text: l.will_notice }),
    el("p", { text: fields["plan.will_notice"] }),
    minutes.additions?.length ? [el("h2", { text: l.additions }), list(minutes.additions)] : null,
    el("p", { class: "approvals", text: approvals.join(" · ") }),
  );
}
