/**
 * The plan after the last conversation, at the head of the next one: what was to be tried, and
 * what happened. The caseworker answers, and it saves itself; the supervisor reads.
 *
 *   lastPlan({doc, api, labels, lang, signal})   an element, empty where there is no plan
 */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { Writer } from "./writer.js";

const WHOM = { other: "plan_with_other", all: "plan_with_all" };

export function lastPlan({ doc, api, labels, lang, signal }) {
  const plan = doc.last_plan;
  const box = el("div", { class: "w2" });
  if (!plan) return box;
  const whom = plan.with_whom ? (labels[WHOM[plan.with_whom]] ?? fill(labels.youth_named, { letter: plan.with_whom })) : null;
  box.append(
    el("span", { class: "xs b", text: [labels.last_plan, whom].filter(Boolean).join(" · ") }),
    el("p", { class: "s" }, plan.will_try.map((each) => el("span", { class: "try" }, icon("goal"), ` ${each} `))),
    ...[plan.will_notice, plan.goal && fill(labels.plan_towards, { goal: plan.goal })].filter(Boolean).map((text) => el("p", { class: "s more", text })),
    doc.me.side === "caseworker" ? answer({ doc, api, labels, lang, signal }) : el("p", { class: "s happened" }, plan.what_happened ? [el("b", { text: labels.what_happened }), ` ${plan.what_happened}`] : el("span", { class: "muted", text: labels.nothing_told_yet })));
  return box;
}

function answer({ doc, api, labels, lang, signal }) {
  const plan = doc.last_plan;
  const field = el("textarea", { class: "ta", rows: "1", maxlength: 8000, value: plan.what_happened });
  const status = el("span", { class: "xs muted", role: "status" });
  const save = async (text) => {
    await api.intent("answer_plan", { text }, { quiet: true });
    plan.what_happened = text;
  };
  const writer = new Writer({ api, recording: doc.recording.id, field: "plan-answer", input: field, read: () => field.value, write: (text) => { field.value = text; }, status, labels: { ...labels, draft_saved: labels.told_at }, lang, signal, save, load: async () => "" });
  writer.sent = field.value;
  const kept = sessionStorage.getItem(writer.key);
  if (kept) { // what was typed while the line was down is still in the tab
    field.value = kept;
    writer.touched();
  }
  return el("label", { class: "happened s" }, el("b", { text: labels.what_happened }), field, status);
}
