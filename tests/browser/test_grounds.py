"""What an interpretation rests on, in real browsers: asked for, chosen by key, shown beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer
from tests.browser.room_app import Server, make_film, serving

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

HOW = "Hvordan ved du det?"
SEEN, HEARD = "Set og hørt ved 00:15: M venter.", "Set og hørt ved 00:30: A tøver."


def a_note(id_: str, at_ms: int, text: str, **more: object) -> Document:
    plain: Document = {
        "id": id_,
        "by": "u1",
        "by_name": "Birgitte Lund",
        "at_ms": at_ms,
        "kind": "seen_heard",
        "visibility": "shared",
        "text": text,
        "revision": 1,
        "sequence": None,
        "rests_on": None,
    }
    return plain | more


def written(page: Page, server: DeskServer, ready: Callable[[list[Document]], bool]) -> Document:
    assert until(page, lambda: ready(server.named("write_note"))), server.intents
    return server.named("write_note")[-1]


def with_notes(document: Document) -> Document:
    me: str = document["me"]["id"]
    document["notes"] = [
        a_note("n1", 15_000, "M venter.", by=me),
        a_note("n2", 30_000, "A tøver.", by=me),
        a_note("n3", 12_000, "Stilheden hjælper.", by=me, kind="interpretation"),
    ]
    return document


def test_at_the_desk_it_is_chosen_by_key_and_an_undo_brings_it_back(open_page: Open) -> None:
    page, server = open_page("desk", document=with_notes(a_document()))
    page.locator("#tab-notes").click()
    rows = page.locator(".nts > li")
    expect(rows).to_have_count(3)
    rows.filter(has_text="Stilheden").get_by_role("button", name=HOW).press("Enter")
    expect(page.locator(".note")).to_be_focused()
    page.keyboard.press("Tab")
    choice = page.get_by_label(HOW)
    expect(choice).to_be_focused()
    expect(choice.locator("option")).to_have_text(
        ["Vælg, hvad der blev set og hørt", "00:15 M venter.", "00:30 A tøver."]
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    sent = written(page, server, lambda found: len(found) == 1)
    assert (sent["id"], sent["rests_on"], sent["text"]) == ("n3", "n1", "Stilheden hjælper.")
    thought = rows.filter(has_text="Stilheden")
    expect(thought).to_contain_text(SEEN)
    expect(thought.get_by_role("button", name=HOW)).to_have_count(0)
    assert axe_violations(page) == []

    page.locator("[data-id=n1]").get_by_role("button", name="Fjern note").click()
    expect(rows).to_have_count(2)
    expect(thought).not_to_contain_text(SEEN)
    page.locator("#tab-notes").focus()
    page.keyboard.press("Control+z")
    expect(thought).to_contain_text(SEEN)
    again = written(page, server, lambda found: len(found) == 2)
    assert (again["id"], again["revision"]) == ("n1", 0)


def test_the_preparation_asks_and_shows_ones_own_thoughts_with_what_they_rest_on(
    open_page: Open,
) -> None:
    document = with_notes(a_document(side="caseworker"))
    document["cycle"]["released_at"] = "2026-11-20T10:00:00+00:00"
    document["notes"][2]["rests_on"] = "n1"
    page, _ = open_page("prepare", document=document)
    expect(page.locator(".ans li")).to_contain_text(f"{SEEN}Stilheden hjælper.")
    question = page.get_by_text(HOW)
    expect(question).to_be_hidden()
    page.get_by_label("Hvad tænker du om det nu?").fill("Roen hjalp.")
    expect(question).to_be_visible()
    page.get_by_label("Hvad så og hørte du?").fill("Jeg ventede.")
    expect(question).to_be_hidden()


def test_in_the_room_a_thought_is_shown_with_what_it_rests_on_to_everyone(
    browser: Browser, tmp_path: Path
) -> None:
    server = Server(make_film(tmp_path / "film.mp4", seconds=20))
    server.house.notes.notes = [
        a_note(id_, at_ms, text, written_at=f"2026-11-24T09:22:{at_ms // 1000}+00:00")
        for id_, at_ms, text in (("n2", 30_000, "A tøver."), ("n1", 15_000, "M venter."))
    ]
    with serving(server):
        pages = [sits(browser, server, who) for who in ("mette", "birgitte")]
        try:
            walk_in_the_room(pages[0], pages[1], server.house.notes.notes)
        finally:
            for page in pages:
                page.context.close()


def sits(browser: Browser, server: Server, who: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "who", "value": who, "url": server.address}])
    page = context.new_page()
    page.goto(f"{server.address}/")
    expect(page.locator(".notes li")).to_have_count(2)
    return page


def walk_in_the_room(mette: Page, birgitte: Page, kept: list[dict[str, Any]]) -> None:
    choice = mette.get_by_label(HOW)
    expect(choice).to_be_hidden()
    mette.keyboard.press("n")
    mette.keyboard.press("Shift+Tab")
    mette.keyboard.press("Shift+Tab")
    mette.keyboard.press("Space")
    expect(choice).to_be_visible()
    mette.keyboard.press("n")
    mette.keyboard.type("Roen smitter.")
    mette.keyboard.press("Tab")
    expect(choice).to_be_focused()
    mette.keyboard.press("ArrowDown")
    assert axe_violations(mette) == []
    mette.keyboard.press("Control+Enter")
    for page in (mette, birgitte):
        expect(page.locator(".notes .interpretation")).to_contain_text("Roen smitter.")
        expect(page.locator(".notes .interpretation")).to_contain_text("Set og hørt ved 00:")
    expect(mette.get_by_label("Fælles noter").get_by_role("textbox")).to_be_focused()
    assert kept[-1]["rests_on"] in {"n1", "n2"}
    expect(choice).to_be_hidden()
