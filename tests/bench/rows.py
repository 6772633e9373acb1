"""What a row of the bench is, and the list of all rows. Not here: measuring, showing."""

import fnmatch
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which way a value should go."""

    LOWER = "lower"
    HIGHER = "higher"


class RowUnknown(Exception):
    """No row has this name or begins with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is measured.

    Attributes:
        against: What the value is compared with, in a few words.
        takes_long: Over a minute: measured only when asked for by name.
    """

    name: str
    measure: Callable[[], float]
    goal: float
    better: Better
    unit: str
    against: str
    takes_long: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows, in the order in which they are shown."""

    by_name: dict[str, Row]

    def add(self, row: Row) -> None:
        """Add a row under a name that no other has."""
        if row.name in self.by_name:
            raise ValueError(row.name)
        self.by_name[row.name] = row

    def row(
        self,
        *,
        goal: float,
        better: Better = Better.LOWER,
        unit: str = "×",
        takes_long: bool = False,
    ) -> Callable[[Callable[[], float]], Callable[[], float]]:
        """Return a decorator that makes a function a row; its docstring says against what."""

        def added(measure: Callable[[], float]) -> Callable[[], float]:
            against = " ".join((measure.__doc__ or "").split("\n\n")[0].split())
            self.add(Row(measure.__name__, measure, goal, better, unit, against, takes_long))
            return measure

        return added

    def chosen(self, name: str | None = None) -> tuple[Row, ...]:
        """Return all rows but the long ones, or those of a name, a beginning or a pattern.

        Raises:
            RowUnknown: There is none.
        """
        if not name:
            return tuple(row for row in self if not row.takes_long)
        found = tuple(
            row
            for row in self
            if row.name.startswith(f"{name}_") or fnmatch.fnmatchcase(row.name, name)
        )
        if not found:
            raise RowUnknown(name)
        return found

    def __iter__(self) -> Iterator[Row]:
        return iter(self.by_name.values())


def rows_of(rows: Iterable[Row] = ()) -> Rows:
    """Return a list of rows."""
    made = Rows({})
    for row in rows:
        made.add(row)
    return made


ROWS = rows_of()
