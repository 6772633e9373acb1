"""The desk keeps what was changed, in its order, and what it offers in sight."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk_fixtures import Open, film, open_page, until
from tests.browser.test_desk_component import loaded, sent

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser


def test_every_key_and_tool_is_in_sight_on_a_small_screen(open_page: Open) -> None:
    page, _ = open_page(width=1152, height=720)
    loaded(page)
    for code in page.locator(".cd").all():
        expect(code).to_be_in_viewport(ratio=1)
    pane = page.locator(".tr").bounding_box()
    seen = page.locator(".tools .btn").last.bounding_box()
    assert pane
    assert seen
    assert seen["x"] + seen["width"] < pane["x"] + pane["width"]


def test_changes_reach_the_server_in_their_order_and_none_is_lost_by_leaving(
    open_page: Open,
) -> None:
    page, server = open_page()
    loaded(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/intents", hold, times=1)
    page.locator(".it .title").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator(".it .title").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    until(page, lambda: held)
    page.wait_for_timeout(300)  # in which the second would come, if it did not wait
    assert (len(held), server.named("reorder_sequences")) == (1, [])

    held[0].continue_()
    orders = sent(page, server, "reorder_sequences", 2)
    assert [each["ids"] for each in orders] == [["q2", "q1"], ["q1", "q2"]]

    page.route("**/intents", hold, times=1)
    page.keyboard.press("Alt+ArrowDown")
    page.locator(".it .title").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.goto("about:blank")
    assert sent(page, server, "reorder_sequences", 3)[-1]["ids"] == ["q1", "q2"]
