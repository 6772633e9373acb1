"""Pauses between words, as researchers write them: a dot for each second, then how many."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_document import a_document, turn
from tests.browser.desk_fixtures import Open, film, open_page
from tests.browser.test_desk_component import loaded, stand_at

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

PAUSES_MS = (0, 400, 1_100, 2_900, 3_000, 4_200)
WRITTEN = "nul en (.) to (..) tre (...) fire (4 s) fem"


def test_a_pause_within_a_turn_is_written_and_stays_while_the_turn_is_heard(
    open_page: Open,
) -> None:
    words, at = [], 10_000
    for pause, word in zip(PAUSES_MS, ["nul", "en", "to", "tre", "fire", "fem"], strict=True):
        at += pause
        words.append([at, at + 500, word, 0.9])
        at += 500
    spoken = turn(0, speaker="youth", text="nul", start_ms=10_000, end_ms=at, words=words)
    page, _ = open_page(document=a_document(turns=[spoken]))
    loaded(page)
    expect(page.locator(".turns .said")).to_have_text(WRITTEN)
    stand_at(page, 10.2)
    expect(page.locator(".turns .wd")).to_have_text("nul")
    expect(page.locator(".turns .said")).to_have_text(WRITTEN)
