"""The lane of movement: folded until somebody wants it, drawn without figures, a way to jump."""

from base64 import b64encode

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.analysis.movement import UNKNOWN
from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page
from tests.browser.test_desk_component import VIDEO, loaded, stand_at

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

CALM, LIVELY = 20, 90
SECONDS = 60
MOVES = (*range(20, 24), *range(45, 48))
SHAKES = range(33, 35)


def moving(*, side: str = "supervisor", seconds: int = SECONDS) -> Document:
    """Return a document of a film that is calm but for two stretches, and shaken once."""
    levels = bytearray([CALM]) * seconds
    for second in MOVES:
        levels[second] = LIVELY
    for second in SHAKES:
        levels[second] = UNKNOWN
    movement = {"every_ms": 1000, "levels": b64encode(levels).decode()}
    return a_document(side=side) | {"movement": movement}


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Bevægelse")


def lane(page: Page) -> Locator:
    return page.locator(".lane.v")


def zoom_out(page: Page) -> None:
    for _ in range(6):
        page.keyboard.press("-")


def filled(page: Page, name: str, second: float) -> float:
    """Return how much of the lane's height is drawn in the middle of a second."""
    inside: float = lane(page).evaluate(
        """(lane, [name, share]) => {
        const svg = lane.querySelector("svg");
        const { width } = svg.viewBox.baseVal;
        const rows = [...Array(100).keys()].map((row) => (row + 0.5) / 100);
        const holds = (y) => svg.querySelector(`.${name}`).isPointInFill(
          new DOMPoint(share * width, y));
        return rows.filter(holds).length / 100; }""",
        [name, (second + 0.5) / SECONDS],
    )
    return inside


def test_it_is_folded_until_it_is_wanted_and_stays_as_it_was_left(open_page: Open) -> None:
    page, _ = open_page(document=moving())
    loaded(page)
    expect(button(page)).to_have_attribute("aria-expanded", "false")
    expect(lane(page)).to_have_count(0)

    button(page).focus()
    page.keyboard.press("Enter")
    expect(button(page)).to_have_attribute("aria-expanded", "true")
    expect(button(page)).to_be_focused()
    expect(lane(page)).to_be_visible()
    expect(page.locator(".spoken")).to_contain_text("siger intet om nogen")

    page.reload()
    loaded(page)
    expect(lane(page)).to_be_visible()
    button(page).click()
    page.reload()
    loaded(page)
    expect(lane(page)).to_have_count(0)


def test_how_one_person_left_it_is_not_how_another_finds_it(open_page: Open) -> None:
    page, server = open_page(document=moving())
    loaded(page)
    button(page).click()
    expect(lane(page)).to_be_visible()
    server.document = moving(side="caseworker")
    page.reload()
    loaded(page)
    expect(button(page)).to_have_attribute("aria-expanded", "false")


def test_it_is_drawn_where_something_moves_in_the_place_that_the_lanes_have(
    open_page: Open,
) -> None:
    page, _ = open_page(document=moving())
    loaded(page)
    zoom_out(page)
    button(page).click()
    expect(lane(page)).to_be_visible()
    names = page.locator(".lane .ll").all_inner_texts()
    assert names[-4:] == ["Sekvenser", "Lyd", "Bevægelse", "Noter"]
    for second in MOVES:
        assert filled(page, "moves", second) == 1
    assert 0 < filled(page, "moves", 10) < 0.5
    for second in SHAKES:
        assert filled(page, "unclear", second) == 1
        assert filled(page, "moves", second) == 0
    assert not any(sign.isdigit() for sign in lane(page).inner_text())


def test_a_key_leads_from_one_place_to_the_next(open_page: Open) -> None:
    page, _ = open_page(document=moving())
    loaded(page)
    stand_at(page, 1)
    for second in (20, 45):
        page.keyboard.press("b")
        page.wait_for_function(f"() => Math.abs({VIDEO}.currentTime - {second}) < 0.01")
    page.keyboard.press("b")
    expect(page.locator(".spoken")).to_contain_text("Det betyder ikke, at der intet sker")
    assert page.evaluate(f"() => {VIDEO}.currentTime") == pytest.approx(45, abs=0.01)

    page.keyboard.press("?")
    expect(page.get_by_text("Næste sted med meget bevægelse")).to_be_visible()


def test_the_list_names_the_places_while_the_lane_is_open(open_page: Open) -> None:
    page, _ = open_page(document=moving())
    loaded(page)
    page.get_by_role("button", name="Vis som liste").click()
    said = page.locator(".asList").get_by_text("meget bevægelse")
    expect(said).to_have_count(0)
    button(page).click()
    expect(said).to_have_text(
        ["meget bevægelse, 00:20 til 00:24", "meget bevægelse, 00:45 til 00:48"]
    )


def test_a_film_without_it_says_nothing_of_it(open_page: Open) -> None:
    page, _ = open_page(document=a_document() | {"movement": None})
    loaded(page)
    expect(button(page)).to_have_count(0)
    page.keyboard.press("b")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("Næste sted med meget bevægelse")).to_have_count(0)


@pytest.mark.parametrize("size", [(1440, 900), (1152, 720)])
def test_with_the_lane_open_all_lanes_are_seen_and_axe_finds_nothing(
    open_page: Open, size: tuple[int, int]
) -> None:
    width, height = size
    document = moving()
    document["turns"][2]["speaker"] = "parent"
    page, _ = open_page(document=document, width=width, height=height)
    loaded(page)
    button(page).click()
    expect(lane(page)).to_be_visible()
    lanes = page.locator(".lanes")
    assert lanes.evaluate("(lanes) => lanes.scrollHeight <= lanes.clientHeight")
    assert axe_violations(page) == []
