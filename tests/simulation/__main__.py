"""Run many simulated meetings and say what came of them."""

import argparse
import sys
from collections import Counter

from tests.simulation.evening import meet


def main() -> None:
    """Run the meetings; an assertion names the seed with which to run a failed one again."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of the first run")
    asked = parser.parse_args()
    seen: Counter[str] = Counter()
    apart: list[float] = []
    rounds: list[float] = []
    wait_ms = 0.0
    for seed in range(asked.seed, asked.seed + asked.runs):
        try:
            evening = meet(seed)
        except AssertionError as wrong:
            sys.exit(f"seed {seed}: {wrong!r}")
        apart.append(evening.apart_ms)
        rounds.append(evening.rounds_apart_ms)
        wait_ms = max(wait_ms, evening.seen.longest_wait_ms)
        seen.update(
            people=evening.people,
            states=evening.seen.states,
            refused=evening.seen.refused,
            restarts=evening.seen.restarts,
            broken_lines=evening.seen.broken_lines,
            shut_out=evening.seen.shut_out,
        )
    apart.sort()
    rounds.sort()
    told = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in seen.items())
    sys.stdout.write(
        f"{asked.runs} meetings: {told}\n"
        f"longest wait {wait_ms / 1000:.1f} s; apart at the end: "
        f"median {apart[len(apart) // 2]:.1f} ms, "
        f"p95 {apart[int(len(apart) * 0.95)]:.1f} ms, most {apart[-1]:.1f} ms\n"
        f"the round's time apart: median {rounds[len(rounds) // 2]:.1f} ms, "
        f"most {rounds[-1]:.1f} ms\n"
    )


if __name__ == "__main__":
    main()
