// Reads cases as JSON from standard input and writes what sync.js makes of them.

import { readFileSync } from "node:fs";
import { Clock, Pace, StartCost, target } from "../../../../review_app/components/sync.js";

const { pings, drifts, states, starts } = JSON.parse(readFileSync(0, "utf8"));
const clock = new Clock();
const offsets = pings.map((ping) => {
  clock.add(...ping);
  return [clock.offset, clock.rtt, clock.ready];
});
const pace = new Pace();
pace.anew(0);
const corrections = drifts.map(([drift, now]) => Object.values(pace.look(drift, now) ?? {}));
const cost = new StartCost();
const costs = starts.map((drift) => (cost.learn(drift), cost.ms));
const targets = states.map(([state, now]) => target(state, now));
process.stdout.write(JSON.stringify({ offsets, corrections, targets, costs }));
