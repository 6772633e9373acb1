"""Phases on the timeline: where they begin and what they are is the supervisor's to change."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer
from tests.browser.test_desk_component import loaded, stand_at

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

OPENING = {"id": "g1", "start_ms": 0, "end_ms": 24_000, "phase": "opening", "verdict": "confirmed"}
TOPIC = {"id": "g2", "start_ms": 24_000, "end_ms": 60_000, "phase": "topic", "verdict": "suggested"}


def keeping(body: Document) -> list[str]:
    """Answer as the desk does: with the ids, new ones for what is new."""
    return [each.get("id", f"own-{place}") for place, each in enumerate(body.get("phases", []))]


def opened(open_page: Open) -> tuple[Page, DeskServer]:
    page, server = open_page(document=a_document(), answer=keeping)
    loaded(page)
    return page, server


def take(page: Page, name: str) -> None:
    page.locator(f"i[data-id={name}]").click()
    expect(page.get_by_label("Fase", exact=True)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.locator(".picked").get_by_role("button", name=name).click()


def arranged(page: Page, server: DeskServer, count: int = 1) -> list[Document]:
    until(page, lambda: len(server.named("arrange_phases")) == count)
    phases: list[Document] = server.named("arrange_phases")[-1]["phases"]
    return phases


def test_a_phase_begins_where_the_film_stands_and_an_undo_takes_it_back(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    assert axe_violations(page) == []
    stand_at(page, 30)
    press(page, "Begynder her")

    moved = {"start_ms": 30_000, "verdict": "confirmed"}
    assert arranged(page, server) == [OPENING | {"end_ms": 30_000}, TOPIC | moved]
    expect(page.get_by_label("Fase", exact=True)).to_be_focused()
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Control+z")
    assert arranged(page, server, 2) == [OPENING, TOPIC]
    expect(page.locator("i[data-id=g2]")).to_have_class("phs sug")


def test_a_phase_gets_another_name(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    page.get_by_label("Fase", exact=True).select_option("Beslutning")

    named = {"phase": "decision", "verdict": "confirmed"}
    assert arranged(page, server) == [OPENING, TOPIC | named]
    expect(page.locator("i[data-id=g2]")).to_have_text("Beslutning")


def test_a_phase_is_split_and_the_new_one_named(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    stand_at(page, 40)
    press(page, "Ny fase her")

    new: dict[str, Any] = {"start_ms": 40_000, "end_ms": 60_000, "verdict": "confirmed"}
    first = TOPIC | {"end_ms": 40_000}
    assert arranged(page, server) == [OPENING, first, new | {"phase": "topic"}]
    page.get_by_label("Fase", exact=True).select_option("Beslutning")
    named = new | {"phase": "decision", "id": "own-2"}
    assert arranged(page, server, 2) == [OPENING, first, named]


def test_a_phase_is_joined_with_the_one_before(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    press(page, "Saml med den før")

    assert arranged(page, server) == [OPENING | {"end_ms": 60_000}]
    expect(page.locator(".phs")).to_have_count(1)
    expect(page.get_by_label("Fase", exact=True)).to_have_value("opening")
    expect(page.get_by_label("Fase", exact=True)).to_be_focused()


def test_a_border_is_dragged_to_where_a_turn_begins(open_page: Open) -> None:
    page, server = opened(open_page)
    edge = page.locator("i[data-id=g2] .edge").bounding_box()
    lane = page.locator(".lane.h .lt").first.bounding_box()
    assert edge is not None
    assert lane is not None
    height = edge["y"] + edge["height"] / 2
    page.mouse.move(edge["x"] + 3, height)
    page.mouse.down()
    page.mouse.move(lane["x"] + lane["width"] * (44_000 + 200) / 60_000, height, steps=5)
    page.mouse.up()

    moved = {"start_ms": 44_000, "verdict": "confirmed"}
    assert arranged(page, server) == [OPENING | {"end_ms": 44_000}, TOPIC | moved]
    expect(page.get_by_label("Fase", exact=True)).to_be_visible()


def test_where_there_is_no_room_it_is_said_and_nothing_is_sent(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    stand_at(page, 59.9)
    press(page, "Begynder her")

    expect(page.get_by_role("status").filter(has_text="ikke plads")).to_be_attached()
    assert server.named("arrange_phases") == []


def test_what_the_server_refuses_is_taken_back(open_page: Open) -> None:
    page, server = opened(open_page)
    server.refuse = "arrange_phases"
    take(page, "g2")
    stand_at(page, 30)
    press(page, "Begynder her")

    expect(page.get_by_text("Det kunne ikke gemmes")).to_be_visible()
    expect(page.locator("i[data-id=g2]")).to_have_class("phs sug")
    expect(page.locator("i[data-id=g2]")).to_have_attribute("data-start", "24000")


def test_a_phase_can_be_taken_from_the_list(open_page: Open) -> None:
    page, _ = opened(open_page)
    page.get_by_role("button", name="Vis som liste").click()
    page.get_by_role("button", name="fase, forslag: Skolen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Fase", exact=True)).to_have_value("topic")


def test_the_caseworker_changes_no_phases(open_page: Open) -> None:
    page, _ = open_page(document=a_document(side="caseworker"))
    loaded(page)
    expect(page.locator(".edge")).to_have_count(0)
    page.locator("i[data-id=g2]").click()
    expect(page.locator(".picked")).to_be_visible()
    expect(page.get_by_label("Fase", exact=True)).to_have_count(0)


def test_a_dismissed_phase_leaves_no_hole(open_page: Open) -> None:
    page, server = opened(open_page)
    take(page, "g2")
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("x")

    assert arranged(page, server) == [OPENING | {"end_ms": 60_000}]
