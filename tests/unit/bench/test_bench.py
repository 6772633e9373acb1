"""The bench's own workings, on made-up rows. No row is measured here."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.__main__ import GROUPS
from tests.bench.measures import Work, cpu_seconds, ratio
from tests.bench.report import (
    BEGIN,
    END,
    MarkersMissing,
    Result,
    markdown_of,
    merged,
    read,
    table_of,
    with_table,
    write,
)
from tests.bench.rows import ROWS, Better, Row, Rows, RowUnknown, rows_of


def a_row(name: str, *, takes_long: bool = False) -> Row:
    return Row(name, lambda: 1.0, 1.0, Better.LOWER, "×", "one / one.", takes_long)


@pytest.fixture
def rows() -> Rows:
    return rows_of(
        [a_row("vault_read"), a_row("vault_write"), a_row("wer"), a_row("hour", takes_long=True)]
    )


def names(chosen: tuple[Row, ...]) -> list[str]:
    return [row.name for row in chosen]


@pytest.mark.parametrize("name", [None, ""])
def test_without_a_name_all_rows_but_the_long_ones_are_measured(
    rows: Rows, name: str | None
) -> None:
    assert names(rows.chosen(name)) == ["vault_read", "vault_write", "wer"]


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("wer", ["wer"]),
        ("vault", ["vault_read", "vault_write"]),
        ("*r*d", ["vault_read"]),
        ("hour", ["hour"]),
    ],
)
def test_rows_are_chosen_by_name_beginning_or_pattern(
    rows: Rows, name: str, chosen: list[str]
) -> None:
    assert names(rows.chosen(name)) == chosen


@pytest.mark.parametrize("name", ["vaul", "nothing", "vault_read_"])
def test_a_name_that_no_row_has_is_an_error(rows: Rows, name: str) -> None:
    with pytest.raises(RowUnknown):
        rows.chosen(name)


def test_two_rows_of_one_name_are_refused(rows: Rows) -> None:
    with pytest.raises(ValueError, match="wer"):
        rows.add(a_row("wer"))


def test_a_function_becomes_a_row_that_says_what_it_compares() -> None:
    rows = rows_of()

    @rows.row(goal=2.0, better=Better.HIGHER, unit="%")
    def share_of_good() -> float:
        """Good ones /
        all.

        More about it.
        """
        return 50.0

    (row,) = rows
    assert (row.name, row.against, row.goal) == ("share_of_good", "Good ones / all.", 2.0)
    assert row.measure() == share_of_good() == 50.0


def test_every_row_has_a_goal_and_says_what_is_compared() -> None:
    assert GROUPS
    measured = list(ROWS)
    assert len(measured) >= 20
    for row in measured:
        assert row.name.isidentifier()
        assert row.goal > 0
        assert row.unit in {"×", "%", "MiB", "s", "ms"}
        assert row.against.endswith(".")


def costing(*costs: float) -> tuple[Work, Callable[[], float]]:
    """Return a work and what it costs, call by call."""
    left = list(costs)
    return (lambda: None), (lambda: left.pop(0))


def test_a_ratio_is_the_median_of_rounds_that_take_turns() -> None:
    order: list[str] = []
    ours, our_cost = costing(2.0, 30.0, 4.4)
    floor, floor_cost = costing(1.0, 10.0, 2.0)

    def cost(work: Work) -> float:
        order.append("ours" if work is ours else "floor")
        return our_cost() if work is ours else floor_cost()

    assert ratio(ours, floor, rounds=3, cost=cost) == pytest.approx(2.2)
    assert order == ["ours", "floor", "floor", "ours", "ours", "floor"]


def test_both_are_done_once_before_anything_is_measured() -> None:
    done: list[str] = []
    ratio(
        lambda: done.append("ours"),
        lambda: done.append("floor"),
        rounds=1,
        cost=lambda _: float(len(done)),
    )
    assert done == ["ours", "floor"]


def test_processor_time_counts_what_the_work_takes() -> None:
    def busy() -> None:
        began = time.process_time()
        while time.process_time() < began + 0.05:
            pass

    assert cpu_seconds(busy) >= 0.04


@given(value=st.floats(0, 100), goal=st.floats(0.1, 100))
def test_a_goal_is_reached_on_its_good_side(value: float, goal: float) -> None:
    lower, higher = (Result("x", value, goal, better, "%", "one / one.") for better in Better)
    assert lower.reached == (value <= goal)
    assert higher.reached == (value >= goal)


RESULTS = (
    Result("wer", 4.25, 8.0, Better.LOWER, "%", "wrong / all."),
    Result("peak", 168.4, 100, Better.LOWER, "MiB", "memory."),
    Result("speed", 1.234, 1.0, Better.HIGHER, "×", "ours / theirs."),
)


def test_what_is_kept_has_exactly_the_promised_fields(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    write(path, RESULTS)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [set(entry) for entry in kept] == [
        {"row", "value", "goal", "better", "unit", "against"}
    ] * 3
    assert {entry["better"] for entry in kept} == {"lower", "higher"}
    assert read(path) == RESULTS


def test_nothing_kept_reads_as_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "bench.json") == ()


def test_a_run_of_one_row_replaces_that_row_and_drops_rows_that_are_no_more() -> None:
    newer = Result("wer", 3.0, 8.0, Better.LOWER, "%", "wrong / all.")
    assert merged(RESULTS, [newer], order=["peak", "wer"]) == (RESULTS[1], newer)


def test_the_table_goes_between_its_markers_and_nothing_else_changes() -> None:
    text = f"# Samspil\n\n{BEGIN}\nold\n{END}\nlast line\n"
    made = with_table(text, RESULTS)
    assert made == f"# Samspil\n\n{BEGIN}\n{markdown_of(RESULTS)}\n{END}\nlast line\n"
    assert with_table(made, RESULTS) == made


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END} {BEGIN}"])
def test_a_text_without_both_markers_is_left_alone(text: str) -> None:
    with pytest.raises(MarkersMissing):
        with_table(text, RESULTS)


def test_tables_show_values_goals_and_what_was_missed() -> None:
    markdown = markdown_of(RESULTS).splitlines()
    assert markdown[2:] == [
        "| `wer` | 4.2 % | ≤ 8.0 % | wrong / all. |",
        "| `peak` | 168 MiB (missed) | ≤ 100 MiB | memory. |",
        "| `speed` | 1.23 × | ≥ 1.00 × | ours / theirs. |",
    ]
    assert table_of(RESULTS).row_count == 3
