"""Everything on the timeline in words, line by line, for the keyboard and for screen readers."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_document import a_document, tag
from tests.browser.desk_fixtures import Open, film, open_page
from tests.browser.test_desk_component import loaded, sent

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser


def test_the_timeline_is_also_a_list_for_the_keyboard(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    page.keyboard.press("Shift+F6")
    page.keyboard.press("Enter")
    items = page.locator(".asList button")
    expect(items.nth(1)).to_have_text("sekvens 1, Styrke, Du giver A tid, 00:08 til 00:14")
    items.first.focus()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()


def test_a_long_list_is_walked_from_block_to_block_and_follows_what_is_done(
    open_page: Open,
) -> None:
    document = a_document()
    document["tags"] = [
        tag(
            f"t{place}",
            "c3",
            (place * 900, place * 900 + 400),
            label="Spejling",
            verdict="suggested",
        )
        for place in range(60)
    ]
    page, server = open_page(document=document)
    loaded(page)
    page.get_by_role("button", name="Vis som liste").click()
    blocks, items = page.locator(".asList ol"), page.locator(".asList button")
    expect(items).to_have_count(64)
    last = blocks.first.locator("button").last
    last.focus()
    page.keyboard.press("ArrowDown")
    expect(blocks.nth(1).locator("button").first).to_be_focused()
    expect(page.locator('.asList [tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".picked")).to_contain_text("Spejling")
    page.keyboard.press("x")
    sent(page, server, "judge_tag")
    expect(items).to_have_count(63)
