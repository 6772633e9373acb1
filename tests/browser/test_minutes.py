"""Minutes and plan in a real browser: saved by themselves, merged, approved by both."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.room_app import Server, minutes, serving

pytestmark = pytest.mark.browser

Open = Callable[[str], Page]
FIELD = "Du giver A ro: Sagt"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(Server(tmp_path / "none.mp4")) as server:
        server.minutes = minutes()
        server.meeting_at = "2026-11-24T09:00:00+00:00"
        yield server


@pytest.fixture
def open_minutes(browser: Browser, server: Server) -> Iterator[Open]:
    contexts = []

    def opened(who: str) -> Page:
        context = browser.new_context(timezone_id="Europe/Copenhagen")
        contexts.append(context)
        context.add_cookies([{"name": "who", "value": who, "url": server.address}])
        page = context.new_page()
        page.goto(f"{server.address}/?component=minutes")
        expect(page.get_by_label(FIELD)).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()


def stored(server: Server, text: str) -> None:
    """Wait until what was said about the first sequence is stored as this."""
    deadline = time.monotonic() + 30
    while server.minutes is None or server.minutes["items"][0]["said"] != text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_however_it_is_printed_the_paper_is_what_is_printed(open_minutes: Open) -> None:
    page = open_minutes("mette")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.get_by_role("article")
    expect(paper.get_by_role("heading", name="Referat og plan")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(paper).to_have_count(0)
    expect(page.get_by_label(FIELD)).to_be_visible()


def test_what_is_written_saves_itself(open_minutes: Open, server: Server) -> None:
    page = open_minutes("mette")
    page.get_by_label(FIELD).fill("At vente gav plads.")
    stored(server, "At vente gav plads.")
    expect(page.get_by_text("Gemt kl.")).to_be_visible()


def test_two_who_change_different_fields_both_keep_theirs(
    open_minutes: Open, server: Server
) -> None:
    page = open_minutes("mette")
    assert server.minutes is not None
    server.minutes["revision"] = 7
    server.minutes["plan"]["when"] = "fredag"
    page.get_by_label(FIELD).fill("Mettes ord")
    stored(server, "Mettes ord")
    expect(page.get_by_label("Hvornår")).to_have_value("fredag")
    assert server.minutes["plan"]["when"] == "fredag"


def test_two_who_change_one_field_lose_nothing(open_minutes: Open, server: Server) -> None:
    page = open_minutes("mette")
    assert server.minutes is not None
    server.minutes["revision"] = 7
    server.minutes["items"][0]["said"] = "Birgittes ord"
    page.get_by_label(FIELD).fill("Mettes ord")
    expect(page.get_by_text("I skrev her samtidig")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_have_value("Mettes ord")
    assert server.minutes["items"][0]["said"] == "Birgittes ord"
    page.get_by_role("button", name="Brug begge").click()
    stored(server, "Birgittes ord\nMettes ord")
    expect(page.get_by_text("I skrev her samtidig")).to_be_hidden()


def test_a_lost_line_loses_no_text(open_minutes: Open, server: Server) -> None:
    page = open_minutes("mette")
    page.route("**/intents", lambda route: route.abort())
    page.get_by_label(FIELD).fill("Skrevet uden net")
    expect(page.get_by_text("Ikke gemt endnu")).to_be_visible()
    page.unroute("**/intents")
    page.reload()
    stored(server, "Skrevet uden net")
    expect(page.get_by_label(FIELD)).to_have_value("Skrevet uden net")


def test_both_approve_and_then_only_additions_are_possible(
    open_minutes: Open, server: Server
) -> None:
    for who in ("birgitte", "mette"):
        page = open_minutes(who)
        page.get_by_role("button", name="Godkend referat og plan").click()
        expect(page.get_by_role("button", name="Godkend referat og plan")).to_be_hidden()
    expect(page.get_by_text("I har begge godkendt")).to_be_visible()
    expect(page.get_by_label(FIELD)).not_to_be_editable()
    page.get_by_label("Skriv en tilføjelse").fill("Mødet blev flyttet.")
    page.get_by_role("button", name="Tilføj", exact=True).last.click()
    expect(page.get_by_text("Mødet blev flyttet.")).to_be_visible()
    assert server.minutes is not None
    assert server.minutes["additions"] == ["Mødet blev flyttet."]


def test_a_removed_line_can_be_brought_back(open_minutes: Open, server: Server) -> None:
    page = open_minutes("mette")
    page.get_by_role("button", name="Fjern").first.click()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_label("Aftale 1")).to_have_value(
        "Mette siger det højt, når hun går for hurtigt."
    )
    assert server.minutes is not None


@pytest.mark.usefixtures("only_chromium")
def test_it_prints_on_one_page(open_minutes: Open) -> None:
    page = open_minutes("mette")
    page.get_by_role("button", name="Sådan ser det ud på papir").click()
    expect(page.get_by_role("article")).to_be_visible()
    pdf = page.pdf(format="A4")
    assert pdf.count(b"/Type /Page\n") == 1
