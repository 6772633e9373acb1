"""The list of turns that may tell of harm: read by a person, with what was said before them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document, tag
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.running_film import VIDEO

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

NOT_ALL_IS_WELL = "Det betyder ikke, at alt er godt"


def worry(number: int, confidence: float) -> Document:
    """Return a keyword of the machine on the turn of that number, four seconds each."""
    stretch = (number * 4_000, number * 4_000 + 3_000)
    found = tag(f"w{number}", "worry", stretch, label="Bekymring", verdict="suggested")
    return {**found, "origin": "machine", "confidence": confidence}


def with_worries(*worries: Document, side: str = "supervisor") -> Document:
    document = a_document(side=side)
    code = {**document["codes"][0], "code": "worry", "label": "Bekymring", "safeguarding": True}
    document["codes"].append({**code, "key": "", "accepted": 0, "judged": 0})
    document["tags"].extend(worries)
    return document


def read_list(page: Page) -> None:
    page.get_by_role("tab", name="Læs selv").click()


def test_the_likeliest_stands_first_and_what_was_said_before_with_it(open_page: Open) -> None:
    page, _ = open_page(document=with_worries(worry(1, 0.2), worry(3, 0.7)))
    expect(page.get_by_role("tab", name="Læs selv 2")).to_be_visible()
    read_list(page)

    first, second = page.locator(".sfl > ol > li").all()
    expect(first).to_contain_text("70 %")
    expect(first.locator(".said")).to_have_text(
        ["Tag dig bare tid.", "Måske det med skolen, det fylder mest."]
    )
    expect(second.locator(".said").last).to_have_text("Det ved jeg ikke.")
    expect(page.get_by_text("ingen markering betyder ingenting")).to_be_visible()
    assert axe_violations(page) == []


def test_what_is_judged_leaves_and_the_keyboard_comes_to_the_next(open_page: Open) -> None:
    page, server = open_page(document=with_worries(worry(1, 0.9), worry(3, 0.7), worry(5, 0.2)))
    read_list(page)
    page.locator(".sfl [data-act='confirmed']").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sfl > ol > li")).to_have_count(2)
    expect(page.get_by_label("Afspil fra 00:12")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_label("Afspil fra 00:20")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".sfl")).to_be_focused()
    expect(page.locator(".sfl")).to_contain_text(NOT_ALL_IS_WELL)

    until(page, lambda: len(server.named("judge_tag")) == 3)
    assert [(each["id"], each["verdict"]) for each in server.named("judge_tag")] == [
        ("w1", "confirmed"),
        ("w3", "dismissed"),
        ("w5", "confirmed"),
    ]
    page.keyboard.press("Control+z")
    expect(page.locator(".sfl > ol > li")).to_have_count(1)


def test_a_turn_is_heard_with_what_came_before_and_judged_by_key(open_page: Open) -> None:
    page, server = open_page(document=with_worries(worry(3, 0.7)))
    read_list(page)
    page.get_by_label("Afspil fra 00:12").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime >= 7 && !{VIDEO}.paused")
    assert page.evaluate(f"() => {VIDEO}.currentTime") < 12
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("x")
    until(page, lambda: bool(server.named("judge_tag")))
    assert server.named("judge_tag")[0]["verdict"] == "dismissed"


def test_a_concern_is_raised_where_the_turn_is(open_page: Open) -> None:
    page, _ = open_page(document=with_worries(worry(3, 0.7)))
    read_list(page)
    page.get_by_label("Meld en bekymring ved 00:12").click()
    expect(page.get_by_role("dialog")).to_contain_text("00:12")


def test_the_less_likely_ones_are_a_button_away(open_page: Open) -> None:
    many = [worry(number, 0.5 - number / 100) for number in range(12)]
    page, _ = open_page(document=with_worries(*many))
    read_list(page)
    expect(page.locator(".sfl > ol > li")).to_have_count(10)
    page.get_by_role("button", name="Vis 2 mindre sandsynlige").click()
    expect(page.locator(".sfl > ol > li")).to_have_count(12)
    expect(page.get_by_label("Afspil fra 00:40")).to_be_focused()


def test_where_nothing_is_pointed_at_the_list_says_what_that_means(open_page: Open) -> None:
    page, _ = open_page(document=with_worries())
    read_list(page)
    expect(page.locator(".sfl")).to_contain_text(NOT_ALL_IS_WELL)


def test_the_keys_judge_nothing_out_of_sight(open_page: Open) -> None:
    page, server = open_page(document=with_worries(worry(3, 0.7)))
    read_list(page)
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("x")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert server.intents == []


def test_the_list_is_the_supervisors(open_page: Open) -> None:
    page, _ = open_page(document=with_worries(worry(3, 0.7), side="caseworker"))
    expect(page.get_by_role("tab", name="Noter")).to_be_visible()
    expect(page.get_by_role("tab", name="Læs selv")).to_have_count(0)
