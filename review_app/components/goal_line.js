/**
 * A goal over the weeks of the course as a small line: one dot for each look back, the week it is
 * wanted by, and today. A drawing of what stands beside it in words; no grid, no colour of good.
 *
 *   goalLine({goal, weeks, week, labels})   an <svg role="img">
 */

import { fill } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 460;
const HIGH = 92;
const LEFT = 14;
const TOP = 18;
const FLOOR = 68;

export function goalLine({ goal, weeks, week, labels }) {
  const x = (at) => LEFT + ((at - 1) / Math.max(1, weeks - 1)) * (WIDE - 2 * LEFT);
  const y = (place) => FLOOR - (place / 10) * (FLOOR - TOP);
  const points = goal.looks.map((look) => [x(look.week), y(look.place)]);
  const spoken = goal.looks.map((look) => fill(labels.line_point, look)).join(" ");
  const drawing = draw("svg", { class: "gline", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": spoken ? fill(labels.line_of, { points: spoken }) : labels.line_empty });
  drawing.append(
    draw("path", { class: "floor", d: `M${LEFT} ${FLOOR}H${WIDE - LEFT}` }),
    draw("path", { class: "by", d: `M${x(goal.week)} ${TOP - 8}V${FLOOR}` }),
    ...word(x(goal.week), FLOOR + 17, fill(labels.by_week_n, { week: goal.week }), goal.week > weeks / 2 ? "end" : "start"),
    draw("path", { class: "today", d: `M${x(week)} ${FLOOR - 4}v8` }),
    draw("path", { class: "way", d: points.map(([px, py], at) => `${at ? "L" : "M"}${px} ${py}`).join("") }),
    ...points.map(([cx, cy]) => draw("circle", { cx, cy, r: 5 })),
    ...goal.looks.flatMap((look) => word(x(look.week), y(look.place) - 10, String(look.place), "middle")));
  return drawing;
}

function word(x, y, text, anchor) {
  const node = draw("text", { x, y, "text-anchor": anchor });
  node.textContent = text;
  return [node];
}

function draw(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
