"""Asking for a training copy, seeing it made, fetching it; and being told why there is none."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

REASONS = {"training_reasons": {"education": "Undervisning på en skole"}}


def a_copy(state: str, fraction: float) -> Document:
    span = {"start_ms": 0, "end_ms": 600_000}
    return {"id": "c1", "sequence": None, "state": state, "fraction": fraction, **span}


def open_dialog(page: Page) -> None:
    page.get_by_role("button", name="Lav et undervisningsklip").click()


def test_a_copy_is_asked_for_with_part_voices_and_reason(open_page: Open) -> None:
    page, server = open_page(extra=REASONS, teaching=["changed", "removed"])
    open_dialog(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Kropsbygning, holdning og måden at bevæge sig på.")
    sequence = server.document["sequences"][0]
    dialog.get_by_label("Hvilken del").select_option(sequence["id"])
    dialog.get_by_label("Stemmerne").select_option(label="Fjernet: slet ingen lyd")
    server.training = [a_copy("waiting", 0.4)]
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Lav klippet").press("Enter")
    expect(dialog.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    assert server.asked == [{"sequence": sequence["id"], "voice": "removed", "reason": "education"}]
    server.training = [a_copy("made", 1.0)]
    fetch = dialog.get_by_role("button", name="Hent det, én gang")
    expect(fetch).to_be_visible()
    assert axe_violations(page) == []
    with page.context.expect_page() as opened:
        fetch.click()
    until(page, lambda: server.copies)
    opened.value.close()
    server.training = [a_copy("fetched", 1.0)]
    assert server.copies == [{"copy": "c1"}]
    expect(dialog).to_contain_text("Hentet")


def test_without_a_yes_to_teaching_nothing_can_be_asked_for(open_page: Open) -> None:
    page, server = open_page(extra=REASONS)
    open_dialog(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ikke alle, der er med, har sagt ja til undervisning.")
    expect(dialog.get_by_role("button", name="Lav klippet")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.asked == []


def test_where_copies_are_not_allowed_there_is_no_way_to_one(open_page: Open) -> None:
    page, _ = open_page()
    expect(page.get_by_role("button", name="Brug din egen tekst")).to_be_visible()
    expect(page.get_by_role("button", name="Lav et undervisningsklip")).to_have_count(0)
