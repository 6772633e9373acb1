"""The preparation in a real browser: answers are kept, may be skipped, and are sent when sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser


VIDEO = "document.querySelector('#host').shadowRoot.querySelector('video')"


def film_at(page: Page) -> float:
    return float(page.evaluate(f"() => {VIDEO}.currentTime"))


def a_released_document() -> Document:
    document = a_document(side="caseworker")
    document["cycle"]["released_at"] = "2026-11-20T10:00:00+00:00"
    document["cycle"]["meeting_at"] = "2026-11-24T09:00:00+00:00"
    return document


def wait_for(page: Page, server: DeskServer, intent: str, count: int = 1) -> Document:
    sent = until(page, lambda: len(server.named(intent)) >= count)
    assert sent, [each["intent"] for each in server.intents]
    return server.named(intent)[-1]


def test_an_answer_saves_itself_and_is_sent_only_when_sent(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document())
    expect(page.get_by_role("heading", name="Hvad gjorde du her?")).to_be_visible()
    page.get_by_label("Hvad så og hørte du?").fill("Jeg ventede.")
    answer = wait_for(page, server, "write_answer")
    assert (answer["sequence"], answer["seen"], answer["skipped"]) == ("q1", "Jeg ventede.", False)
    assert not server.named("send_answers")

    page.get_by_role("button", name="Næste sekvens").click()
    expect(page.locator(".lst .tag.ok")).to_have_text("Svaret")
    page.locator(".ans").get_by_role("button", name="Send til Birgitte").click()
    wait_for(page, server, "send_answers")
    expect(page.locator(".banner.ok")).to_contain_text("Birgitte har dine svar")


def test_skipping_is_an_answer(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document())
    page.get_by_role("button", name="Spring over").click()
    answer = wait_for(page, server, "write_answer")
    assert (answer["sequence"], answer["skipped"]) == ("q1", True)
    expect(page.locator(".lst .on")).to_contain_text("Hvem vælger emnet?")
    expect(page.locator(".lst li").first).to_contain_text("Sprunget over")


def test_the_film_stays_in_the_sequence(open_page: Open) -> None:
    page, _ = open_page("prepare", document=a_released_document())
    page.get_by_role("button", name="Afspil sekvensen").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime > 8 && !{VIDEO}.paused")
    assert film_at(page) < 14
    page.evaluate(f"() => {{ {VIDEO}.currentTime = 13.8 }}")
    page.wait_for_function(f"() => !{VIDEO}.seeking && {VIDEO}.currentTime < 13")
    assert film_at(page) >= 8


def test_what_was_typed_while_the_line_was_down_is_kept_and_saved_later(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document(), refuse="write_answer")
    page.get_by_label("Hvad så og hørte du?").fill("Uden net")
    expect(page.get_by_text("Gemmer igen …")).to_be_visible()
    server.refuse = None
    page.reload()
    expect(page.get_by_label("Hvad så og hørte du?")).to_have_value("Uden net")
    assert wait_for(page, server, "write_answer")["seen"] == "Uden net"


def test_a_moment_is_marked_with_the_words_that_are_said(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document())
    expect(page.locator(".ans h2")).to_be_visible()
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    page.keyboard.press("m")
    note = wait_for(page, server, "write_note")
    assert (note["sequence"], note["visibility"]) == ("q1", "private")
    assert "Tag dig" in note["text"]
    page.get_by_role("button", name="Fjern øjeblikket").click()
    wait_for(page, server, "remove_note")


def test_an_own_sequence_can_be_added(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document())
    page.get_by_role("button", name="Tilføj din egen sekvens").click()
    page.get_by_label("Titel").fill("Her blev jeg i tvivl")
    page.get_by_role("button", name="Tilføj sekvens", exact=True).click()
    assert wait_for(page, server, "add_sequence")["title"] == "Her blev jeg i tvivl"
    expect(page.locator(".lst li")).to_have_count(3)


def test_the_last_plan_is_answered_and_kept(open_page: Open) -> None:
    page, server = open_page("prepare", document=a_released_document())
    plan = page.get_by_role("region", name="Fra planen efter sidste samtale")
    expect(plan.get_by_text("Tælle til fem, før jeg spørger igen")).to_be_visible()
    plan.get_by_label("Hvad skete der?").fill("A fortalte selv videre.")
    assert wait_for(page, server, "answer_plan")["text"] == "A fortalte selv videre."
    expect(plan.get_by_text("Gemt kl.")).to_be_visible()


def test_the_hour_comes_as_a_file_for_the_calendar(open_page: Open) -> None:
    document = a_released_document()
    page, _ = open_page("prepare", document=document)
    link = page.get_by_role("link", name="Hent til kalender")
    assert link.get_attribute("href") == "/api/recordings/r1/meeting.ics"
    document["cycle"] |= {"meeting_at": None, "meeting_called_off": "2026-11-24T09:00:00+00:00"}
    page.reload()
    expect(page.get_by_role("link", name="Tag det ud af kalenderen")).to_be_visible()


def test_before_the_release_there_is_a_calm_word_and_no_film(open_page: Open) -> None:
    page, _ = open_page("prepare", document=a_document(side="caseworker"))
    expect(page.get_by_text("Birgitte er i gang")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)


def test_nothing_bars_anyone_from_preparing(open_page: Open) -> None:
    page, _ = open_page("prepare", document=a_released_document())
    expect(page.locator(".ans h2")).to_be_visible()
    assert axe_violations(page) == []
