import assert from "node:assert/strict";
import test from "node:test";

import { arguments_of, flatten, joined, merge } from "../../../../review_app/components/minutes_merge.js";

const minutes = {
  items: [{ sequence: "s1", seen: "a", said: "b", reached: true }],
  agreements: ["one"],
  plan: { with_whom: "A", when: "", will_try: ["x"], will_notice: "", goal: "" },
};
const base = flatten(minutes);
const seen = "item.s1.seen";

test("what nobody changed stays", () => {
  assert.deepEqual(merge(base, base, base), { fields: base, clashes: [] });
});

test("each one's own change is kept", () => {
  const { fields, clashes } = merge(base, { ...base, [seen]: "mine" }, { ...base, "plan.when": "theirs" });
  assert.equal(fields[seen], "mine");
  assert.equal(fields["plan.when"], "theirs");
  assert.deepEqual(clashes, []);
});

test("two changes of one field are a clash that holds both texts", () => {
  const { clashes } = merge(base, { ...base, [seen]: "mine" }, { ...base, [seen]: "theirs" });
  assert.deepEqual(clashes, [{ field: seen, mine: "mine", theirs: "theirs" }]);
  assert.match(joined("mine", "theirs"), /theirs\nmine/);
});

test("the same change by both is no clash", () => {
  assert.deepEqual(merge(base, { ...base, [seen]: "x" }, { ...base, [seen]: "x" }).clashes, []);
});

test("what is sent says what is stored", () => {
  const { items, agreements, plan } = arguments_of(minutes, base);
  assert.deepEqual(items, minutes.items);
  assert.deepEqual(agreements, minutes.agreements);
  assert.deepEqual(plan.will_try, minutes.plan.will_try);
});
