/**
 * Two people edit the same minutes: what becomes of both texts. No page, no server.
 *
 *   flatten(minutes)              {"item.<sequence>.seen": text, …, "agreements": lines, "plan.when": …}
 *   merge(base, mine, theirs)     {fields, clashes: [{field, mine, theirs}]}, each a flattened form
 *   arguments_of(minutes, fields) what the intent save_minutes wants, but for the revision
 *   joined(mine, theirs)          both texts, one after the other
 *
 * A field that only one has changed takes that one's text. A field that both have changed, each in
 * another way, takes theirs and is a clash, which holds both: the person chooses, nothing is lost.
 */

const PLAN = ["with_whom", "when", "will_notice", "goal", "towards"];

export function flatten(minutes) {
  const fields = { agreements: lines(minutes.agreements), "plan.will_try": lines(minutes.plan.will_try) };
  for (const name of PLAN) fields[`plan.${name}`] = minutes.plan[name] ?? "";
  for (const item of minutes.items) {
    fields[`item.${item.sequence}.seen`] = item.seen;
    fields[`item.${item.sequence}.said`] = item.said;
    fields[`item.${item.sequence}.reached`] = item.reached ? "1" : "";
  }
  return fields;
}

export function merge(base, mine, theirs) {
  const fields = { ...theirs };
  const clashes = [];
  for (const field of Object.keys(mine)) {
    const touched = mine[field] !== base[field];
    if (!touched || mine[field] === theirs[field]) continue;
    if (theirs[field] === base[field] || !(field in theirs)) fields[field] = mine[field];
    else clashes.push({ field, mine: mine[field], theirs: theirs[field] });
  }
  return { fields, clashes };
}

export function arguments_of(minutes, fields) {
  return {
    items: minutes.items.map(({ sequence }) => ({
      sequence,
      seen: fields[`item.${sequence}.seen`],
      said: fields[`item.${sequence}.said`],
      reached: fields[`item.${sequence}.reached`] === "1",
    })),
    agreements: unlines(fields.agreements),
    plan: { ...Object.fromEntries(PLAN.map((name) => [name, fields[`plan.${name}`]])), will_try: unlines(fields["plan.will_try"]) },
  };
}

export function joined(mine, theirs) {
  return [theirs, mine].filter((text) => text.trim()).join("\n");
}

export function lines(list) {
  return (list ?? []).join("\n");
}

export function unlines(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
