import assert from "node:assert/strict";
import test from "node:test";

import { Clock, Pace, SeekCost, StartCost, target } from "../../../../review_app/components/sync.js";

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

test("the target stands while paused and before a scheduled start, and moves at the pace", () => {
  const state = { playing: true, pos_ms: 1000, at_ms: 500, pace: 0.5 };
  assert.equal(target(state, 400), 1000);
  assert.equal(target(state, 900), 1200);
  assert.equal(target({ ...state, playing: false }, 900), 1000);
});

/** What is found when a film that keeps a drift is looked at, every 50 ms. */
function found(drift, pace = new Pace()) {
  pace.anew(0);
  for (let now = 0; now < 2000; now += 50) {
    const advice = pace.look(drift, now);
    if (advice) return { ...advice, now };
  }
  return null;
}

test("a small drift is left alone, a larger one is made up gently, a great one by a jump", () => {
  assert.equal(found(3).change, 0);
  assert.ok(found(30).change < 0);
  assert.ok(found(-30).change > 0);
  for (const drift of [5, 30, 80, 500]) {
    const { change, ms } = found(drift);
    assert.ok(Math.abs(change * ms + drift) < 1e-6);
    assert.ok(Math.abs(change) <= 0.1);
  }
  assert.equal(found(601).jump, true);
});

test("nothing is said before a film has settled and was looked at several times", () => {
  const pace = new Pace();
  assert.ok(found(30, pace).now >= 400);
  assert.equal(pace.look(30, 500), null); // it is being made up
  pace.anew(1000);
  assert.equal(pace.look(30, 1050), null);
});

test("what a change has cost is made up with the next", () => {
  const pace = new Pace();
  const first = found(-20, pace);
  let now = first.now + first.ms;
  let advice = null;
  while (!advice) advice = pace.look(-20, (now += 50)); // as far back as before: lost by the change
  assert.ok(advice.change * advice.ms > 25);
});

test("the cost of a jump is learnt and bounded", () => {
  const cost = new SeekCost();
  for (let i = 0; i < 20; i += 1) cost.learn(400);
  assert.ok(Math.abs(cost.ms - 400) < 2);
  cost.learn(1e6);
  assert.equal(cost.ms, 1000);
});

test("a start comes earlier by what starts take, and one odd start changes nothing", () => {
  const cost = new StartCost();
  const starts = (took) => cost.learn(cost.ms - took);
  for (let i = 0; i < 3; i += 1) starts(60);
  assert.equal(cost.ms, 60);
  starts(5);
  assert.equal(cost.ms, 60);
  for (let i = 0; i < 3; i += 1) starts(1e6);
  assert.equal(cost.ms, 250);
});
