import assert from "node:assert/strict";
import test from "node:test";

import { Clock, SeekCost, correct, target } from "../../../../review_app/components/sync.js";

test("the clock finds the server's lead through even delays", () => {
  const clock = new Clock();
  for (let i = 0; i < 8; i += 1) clock.add(i * 100, i * 100 + 5020, i * 100 + 5021, i * 100 + 41);
  assert.ok(clock.ready);
  assert.ok(Math.abs(clock.offset - 5000) < 1);
});

test("slow answers do not move the clock once quick ones are known", () => {
  const clock = new Clock();
  for (let i = 0; i < 4; i += 1) clock.add(0, 1010, 1010, 20);
  clock.add(0, 1010, 1010, 900);
  assert.equal(clock.offset, 1000);
});

test("an uneven line leaves half its difference as error, and no more", () => {
  const clock = new Clock();
  for (let i = 0; i < 16; i += 1) clock.add(0, 1090, 1090, 100);
  assert.equal(clock.offset, 1040);
});

test("the target stands while paused and before a scheduled start, and moves at the rate", () => {
  const state = { playing: true, pos_ms: 1000, at_ms: 500, rate: 0.5 };
  assert.equal(target(state, 400), 1000);
  assert.equal(target(state, 900), 1200);
  assert.equal(target({ ...state, playing: false }, 900), 1000);
});

test("a small drift is left alone, a larger one is corrected gently, a great one by a jump", () => {
  assert.deepEqual(correct(10, 1), { seek: false, rate: 1 });
  assert.ok(correct(80, 1).rate < 1);
  assert.ok(correct(-80, 1).rate > 1);
  assert.equal(correct(500, 1).rate, 0.9);
  assert.equal(correct(601, 1).seek, true);
});

test("correcting by rate always brings two films together", () => {
  let drift = 590;
  for (let i = 0; i < 300; i += 1) drift += (correct(drift, 1).rate - 1) * 100;
  assert.ok(Math.abs(drift) < 16);
});

test("the cost of a jump is learnt and bounded", () => {
  const cost = new SeekCost();
  for (let i = 0; i < 20; i += 1) cost.learn(400);
  assert.ok(Math.abs(cost.ms - 400) < 2);
  cost.learn(1e6);
  assert.equal(cost.ms, 1000);
});
