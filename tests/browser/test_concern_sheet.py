"""The sheet for a concern in a real browser: opened by key, kept over a reload, and calm."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer, a_concern

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

TEXT = "A siger, at hun ikke tør gå hjem."


def sheet_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Bekymring for et barn")


def opened(page: Page) -> Locator:
    expect(page.locator(".turns > li").first).to_be_attached()
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Shift+B")
    sheet = sheet_of(page)
    expect(sheet.get_by_role("button", name=re.compile("Meld en bekymring"))).to_be_visible()
    return sheet


def sent(page: Page, server: DeskServer, intent: str) -> list[dict[str, object]]:
    until(page, lambda: server.named(intent))
    return server.named(intent)


def test_a_key_opens_the_sheet_and_it_says_plainly_what_happens(open_page: Open) -> None:
    page, _ = open_page()
    sheet = opened(page)
    expect(sheet.get_by_role("heading", name="Bekymring for et barn")).to_be_focused()
    expect(sheet).to_contain_text(
        "Optagelsen holdes tilbage fra sletning. Lederen får besked uden indhold."
    )
    expect(sheet).to_contain_text("Karen Holm får besked")
    link = sheet.get_by_role("link", name="Læs reglerne")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("href", "https://www.retsinformation.dk/eli/lta")
    page.keyboard.press("Escape")
    expect(sheet_of(page)).to_have_count(0)


def test_raising_it_sends_place_and_words_and_shows_the_steps(open_page: Open) -> None:
    page, server = open_page()
    sheet = opened(page)
    sheet.get_by_label("Egne ord").fill(TEXT)
    sheet.get_by_role("button", name="Meld en bekymring").click()
    [raised] = sent(page, server, "raise_concern")
    assert raised["text"] == TEXT
    assert isinstance(raised["at_ms"], int)
    expect(sheet.get_by_role("status")).to_contain_text("Bekymringen er meldt")
    expect(sheet.get_by_role("status")).to_be_focused()
    expect(sheet.get_by_role("article")).to_contain_text(
        re.compile(r"tirsdag 24\. november kl\. \d\d\.04 · Birgitte Lund")
    )
    expect(sheet.get_by_label("Egne ord")).to_have_value("")
    sheet.get_by_role("button", name="Underretningen er sendt").click()
    [step] = sent(page, server, "take_concern_step")
    assert (step["id"], step["step"]) == ("k1", "authority_notified")
    expect(sheet.get_by_role("status")).to_contain_text("Noteret: Underretningen er sendt")


def test_what_is_being_written_outlasts_closing_and_a_reload(open_page: Open) -> None:
    page, server = open_page()
    opened(page).get_by_label("Egne ord").fill(TEXT)
    page.keyboard.press("Escape")
    expect(sheet_of(page)).to_have_count(0)
    until(page, lambda: server.drafts.get("concern") == TEXT)
    page.reload()
    sheet = opened(page)
    expect(sheet.get_by_label("Egne ord")).to_have_value(TEXT)
    sheet.get_by_role("button", name="Meld en bekymring").click()
    expect(sheet.get_by_role("status")).to_contain_text("Bekymringen er meldt")
    until(page, lambda: not server.drafts["concern"])
    assert server.drafts["concern"] == ""


def test_what_could_not_be_raised_is_said_on_the_sheet_and_the_words_stay(open_page: Open) -> None:
    page, server = open_page(refuse="raise_concern")
    sheet = opened(page)
    sheet.get_by_label("Egne ord").fill(TEXT)
    sheet.get_by_role("button", name="Meld en bekymring").click()
    expect(sheet.get_by_role("status")).to_contain_text("Det kunne ikke gemmes")
    expect(sheet.get_by_label("Egne ord")).to_have_value(TEXT)
    server.refuse = None
    sheet.get_by_role("button", name="Meld en bekymring").click()
    expect(sheet.get_by_role("status")).to_contain_text("Bekymringen er meldt")


def test_where_nobody_can_be_told_the_sheet_says_what_to_do(open_page: Open) -> None:
    page, _ = open_page(leader="")
    sheet = opened(page)
    expect(sheet.get_by_role("button", name="Meld en bekymring")).to_be_disabled()
    expect(sheet).to_contain_text("Sig det straks til din egen leder")


def test_the_button_opens_it_too_and_the_key_is_listed(open_page: Open) -> None:
    page, _ = open_page()
    expect(page.locator(".turns > li").first).to_be_attached()
    button = page.get_by_role("button", name="Bekymring", exact=True)
    button.click()
    expect(sheet_of(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys).to_contain_text("Bekymring for et barn")


def test_a_withdrawal_takes_the_sheet_away_with_the_film(open_page: Open) -> None:
    page, server = open_page()
    opened(page)
    server.gaps = [{"kind": "withdrawn", "role": "youth", "person": "p1"}]
    expect(page.get_by_role("alert")).to_contain_text("Optagelsen er lukket")
    expect(sheet_of(page)).to_have_count(0)


@pytest.mark.parametrize("size", [(1440, 900), (1152, 720), (390, 800)])
def test_nothing_bars_anyone_from_the_sheet(open_page: Open, size: tuple[int, int]) -> None:
    page, _ = open_page(width=size[0], height=size[1], concerns=[a_concern(TEXT)])
    opened(page)
    assert axe_violations(page) == []
