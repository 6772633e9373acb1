"""Marks made by key: as early as this hand wishes while the film runs, exact on a still picture."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import a_document
from tests.browser.desk_fixtures import Open, film, open_page
from tests.browser.running_film import VIDEO, run_slowly

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

BETWEEN_FRAMES_MS = 150


def stand_at(page: Page, ms: int) -> None:
    page.wait_for_function(f"() => {VIDEO}?.readyState >= 2")
    page.evaluate(f"(s) => new Promise((done) => {{ {VIDEO}.onseeked = done; "
                  f"{VIDEO}.currentTime = s; }})", ms / 1_000)  # fmt: skip


def film_ms(page: Page) -> float:
    return float(page.evaluate(f"() => {VIDEO}.currentTime")) * 1_000


def mark(page: Page, key: str, name: str) -> int:
    page.keyboard.press(key)
    handle = page.get_by_role("slider", name=name)
    expect(handle).to_be_visible()
    return int(handle.get_attribute("aria-valuenow") or "-1")


def test_on_a_still_picture_a_mark_is_exact(open_page: Open) -> None:
    page, _ = open_page("desk", extra={"reaction_ms": 1_000, "pre_roll_ms": 5_000})
    border = a_document()["turns"][1]["start_ms"]
    stand_at(page, border + 300)
    assert abs(mark(page, "i", "Begynder") - border - 300) <= BETWEEN_FRAMES_MS


def test_while_the_film_runs_it_begins_as_early_as_the_hand_wishes(open_page: Open) -> None:
    page, _ = open_page("desk", extra={"reaction_ms": 1_000, "pre_roll_ms": 5_000})
    page.keyboard.press("t")
    stand_at(page, 30_000)
    run_slowly(page)
    before = film_ms(page)
    begins, ends = mark(page, "i", "Begynder"), mark(page, "o", "Slutter")
    after = film_ms(page)
    assert before - 6_000 - BETWEEN_FRAMES_MS <= begins <= after - 6_000 + BETWEEN_FRAMES_MS
    assert before - 1_000 - BETWEEN_FRAMES_MS <= ends <= after - 1_000 + BETWEEN_FRAMES_MS


def test_while_the_film_runs_it_finds_the_turn_that_was_heard(open_page: Open) -> None:
    page, _ = open_page("desk", extra={"reaction_ms": 0, "pre_roll_ms": 0})
    border = a_document()["turns"][1]["start_ms"]
    stand_at(page, border + 100)
    run_slowly(page)
    assert mark(page, "i", "Begynder") == border
