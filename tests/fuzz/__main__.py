"""The command: ``python -m tests.fuzz --files 5000 [--kind mp4] [--seed 1] [--only 1234]``."""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.fuzz.material import RECIPES, film_of
from tests.fuzz.mutations import mutated
from tests.fuzz.trial import FINE, Broken, Laboratory

AT_ONE_HOME = 200
"""Films per home: each leaves a few rows of proof, and a home is cheap."""


@dataclass
class Tally:
    """How the films of one kind fared."""

    kind: str
    codes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    slowest: int = 0
    broken: dict[int, str] = field(default_factory=dict)


def main() -> int:
    """Try films of every kind and show how they fared. Return 1 if one did what none may do."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--files", type=int, default=5000, help="how many in all")
    parser.add_argument("--kind", choices=tuple(RECIPES), action="append", help="only this kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="try one number again")
    parser.add_argument("--jobs", type=int, default=2, help="how many kinds at once")
    parser.add_argument(
        "--apart", action="store_true", help="in confined processes, as in use; slower"
    )
    arguments = parser.parse_args()
    kinds = arguments.kind or list(RECIPES)
    each = -(-arguments.files // len(kinds))
    numbers = range(each) if arguments.only is None else (arguments.only,)
    console = Console()
    tallies = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        running = [
            pool.submit(tally_of, kind, tuple(numbers), seed=arguments.seed, apart=arguments.apart)
            for kind in kinds
        ]
        for tally in (future.result() for future in running):
            console.print(tally.kind, dict(tally.codes.most_common()))
            for number, what in tally.broken.items():
                console.print(f"  [red]{tally.kind} {number}: {what}")
            tallies.append(tally)
    console.print(table_of(tallies))
    return 1 if any(tally.broken for tally in tallies) else 0


def tally_of(kind: str, numbers: tuple[int, ...], *, seed: int, apart: bool) -> Tally:
    """Try films of one kind."""
    film_of(kind)
    tally = Tally(kind)
    for start in range(0, len(numbers), AT_ONE_HOME):
        with Laboratory(apart=apart) as laboratory:
            for number in numbers[start : start + AT_ONE_HOME]:
                began = time.monotonic()
                try:
                    tally.codes[laboratory.fare(mutated(kind, number, seed=seed)).code] += 1
                except Broken as error:
                    tally.codes["BROKEN"] += 1
                    tally.broken[number] = str(error)
                seconds = time.monotonic() - began
                if seconds > tally.slowest_s:
                    tally.slowest_s, tally.slowest = seconds, number
    return tally


def table_of(tallies: list[Tally]) -> Table:
    """Return how every kind fared."""
    table = Table("Kind", "Films", "Went through", "Refused in plain words", "Slowest", "Broken")
    for tally in tallies:
        total = tally.codes.total()
        fine, broken = tally.codes[FINE], len(tally.broken)
        slowest = f"{tally.slowest_s:.1f} s ({tally.slowest})"
        counts = (total, fine, total - fine - broken)
        table.add_row(tally.kind, *map(str, counts), slowest, str(broken))
    return table


if __name__ == "__main__":
    sys.exit(main())
