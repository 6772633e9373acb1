"""Showing and keeping what was measured: a table, a JSON file, a section of the README."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from rich.table import Table

from tests.bench.rows import Better, Row

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


class MarkersMissing(Exception):
    """The text has no place for the table."""


@dataclass(frozen=True, slots=True)
class Result:
    """A measured row, as it is kept."""

    row: str
    value: float
    goal: float
    better: Better
    unit: str
    against: str

    @classmethod
    def of(cls, row: Row, value: float) -> Self:
        """Return what is kept of a row."""
        return cls(row.name, round(value, 3), row.goal, row.better, row.unit, row.against)

    @property
    def reached(self) -> bool:
        """Return whether the value is at least as good as the goal."""
        if self.better is Better.LOWER:
            return self.value <= self.goal
        return self.value >= self.goal


def read(path: Path) -> tuple[Result, ...]:
    """Return what was kept earlier, nothing if there is no file."""
    if not path.exists():
        return ()
    kept = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Result(**{**entry, "better": Better(entry["better"])}) for entry in kept)


def write(path: Path, results: Iterable[Result]) -> None:
    """Keep results, one line each."""
    lines = (json.dumps(asdict(result), ensure_ascii=False) for result in results)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def merged(
    earlier: Sequence[Result], new: Sequence[Result], *, order: Sequence[str]
) -> tuple[Result, ...]:
    """Return the newest result of each row that still exists, in the rows' order."""
    by_row = {result.row: result for result in (*earlier, *new)}
    return tuple(by_row[name] for name in order if name in by_row)


def table_of(results: Iterable[Result]) -> Table:
    """Return a table for the terminal."""
    table = Table("Row", "Value", "Goal", "", "Against", title="Bench")
    for column in table.columns[:4]:
        column.no_wrap = True
    for column in table.columns[1:3]:
        column.justify = "right"
    for result in results:
        reached = "[green]✓[/]" if result.reached else "[red]missed[/]"
        table.add_row(result.row, _value(result), _goal(result), reached, result.against)
    return table


def markdown_of(results: Iterable[Result]) -> str:
    """Return the table as Markdown."""
    lines = ["| Row | Value | Goal | Compared |", "|---|--:|--:|---|"]
    lines += [
        f"| `{result.row}` | {_value(result)}{'' if result.reached else ' (missed)'} "
        f"| {_goal(result)} | {result.against} |"
        for result in results
    ]
    return "\n".join(lines)


def with_table(text: str, results: Iterable[Result]) -> str:
    """Return a text with the table between its markers, and everything else as it was.

    Raises:
        MarkersMissing: It has no place for the table.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MarkersMissing
    return f"{before}{BEGIN}\n{markdown_of(results)}\n{END}{after}"


def _value(result: Result) -> str:
    return _figure(result.value, result.unit)


def _goal(result: Result) -> str:
    sign = "≤" if result.better is Better.LOWER else "≥"
    return f"{sign} {_figure(result.goal, result.unit)}"


def _figure(value: float, unit: str) -> str:
    figure = f"{value:.0f}" if unit == "MiB" else f"{value:.2f}" if unit == "×" else f"{value:.1f}"
    return f"{figure} {unit}"
