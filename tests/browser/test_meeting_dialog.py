"""The hour of the joint review at the desk: set, moved, called off, and all of it undone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser


def a_released_desk() -> Document:
    document = a_document()
    document["cycle"]["released_at"] = "2026-11-20T10:00:00+00:00"
    return document


def intents_of(page: Page, server: DeskServer, *, count: int) -> list[Document]:
    """Return the intents about the hour once there are so many."""
    about = ("agree_meeting", "call_off_meeting")

    def found() -> list[Document]:
        return [each for each in server.intents if each["intent"] in about]

    assert until(page, lambda: len(found()) >= count), [each["intent"] for each in server.intents]
    return found()


def test_the_hour_is_set_moved_called_off_and_undone_by_keyboard(open_page: Open) -> None:
    page, server = open_page("desk", document=a_released_desk())
    page.get_by_role("button", name="Aftal et tidspunkt").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Hvornår mødes I?").fill("2026-11-24T10:00")
    dialog.get_by_label("Hvor længe?").select_option("45")
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Gem tidspunktet").press("Enter")
    [agreed] = intents_of(page, server, count=1)
    assert (agreed["intent"], agreed["minutes"]) == ("agree_meeting", 45)
    page.get_by_role("button", name="I ses tirsdag 24. november kl. 10.00").press("Enter")
    link = dialog.get_by_role("link", name="Hent til kalender")
    assert link.get_attribute("href") == "/api/recordings/r1/meeting.ics"
    dialog.get_by_role("button", name="Aflys").press("Enter")
    assert intents_of(page, server, count=2)[-1]["intent"] == "call_off_meeting"
    expect(page.get_by_role("button", name="Aftal et tidspunkt")).to_be_visible()
    page.keyboard.press("Control+z")
    again = intents_of(page, server, count=3)[-1]
    assert again == agreed
    expect(page.get_by_role("button", name="I ses tirsdag 24. november")).to_be_visible()


def test_without_an_hour_nothing_is_saved(open_page: Open) -> None:
    page, server = open_page("desk", document=a_released_desk())
    page.get_by_role("button", name="Aftal et tidspunkt").click()
    page.get_by_role("button", name="Gem tidspunktet").click()
    expect(page.get_by_label("Hvornår mødes I?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not [each for each in server.intents if each["intent"] == "agree_meeting"]
