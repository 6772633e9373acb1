"""Handing in a text of one's own: the file is looked at, its speakers get roles, it is kept."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.desk_fixtures import Open, axe_violations, film, open_page

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

FOUND = {
    "lines": 412,
    "until_ms": 2_345_000,
    "speakers": [
        {"name": "Mette", "lines": 200, "voice": "unknown"},
        {"name": "Den unge", "lines": 212, "voice": "youth"},
    ],
}
BODY = b"WEBVTT"


def choose(page: Page) -> None:
    page.get_by_role("button", name="Brug din egen tekst").click()
    file = FilePayload(name="Mette og Jonas.vtt", mimeType="text/vtt", buffer=BODY)
    page.locator("dialog input[type=file]").set_input_files(file)


@pytest.mark.parametrize("entry", ["uploader", "desk"])
def test_speakers_get_roles_and_the_text_is_handed_in(open_page: Open, entry: str) -> None:
    page, server = open_page(entry, received=True, own_text=FOUND)
    choose(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Linjer: 412. Den sidste slutter ved 39:05.")
    expect(dialog.get_by_label("Den unge (212 linjer)")).to_have_value("youth")
    dialog.get_by_label("Mette (200 linjer)").select_option(label="Rådgiver")
    assert axe_violations(page) == []
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Brug teksten").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Teksten er gemt, krypteret.")).to_be_visible()
    assert server.handed_in == [("caseworker,youth", BODY)]


def test_what_is_wrong_is_said_with_its_line_and_nothing_is_handed_in(open_page: Open) -> None:
    wrong = {"error": "x", "message": "Linje 8: Tiderne kan ikke læses.", "advice": "Ret dem."}
    page, server = open_page("uploader", received=True, own_text=wrong)
    choose(page)
    told = page.get_by_role("dialog").get_by_role("status")
    expect(told).to_have_text("Linje 8: Tiderne kan ikke læses.Ret dem.")
    expect(page.get_by_role("button", name="Brug teksten")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.handed_in == []


def test_the_step_says_that_ones_own_text_is_used(open_page: Open) -> None:
    done = [{"stage": "transcribe", "state": "done", "fraction": 1.0, "error": None}]
    page, _ = open_page("uploader", received=True, stages=done, uses_own_text=True)
    row = page.locator(".stages li", has_text="Tale bliver til tekst")
    expect(row).to_contain_text("Egen tekst brugt")
