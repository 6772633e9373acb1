"""The field for a test recording in a real browser: sent without its name, answered in words."""

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.desk_fixtures import Open, axe_violations, film, open_page

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

CLIP: FilePayload = {"name": "Ida-Olsen.m4a", "mimeType": "audio/mp4", "buffer": b"clip" * 9}
QUIET = {"fact": "For stille", "advice": "Læg telefonen nærmere."}


def answer(page: Page, status: int = 200, **told: object) -> list[str]:
    """Let the server answer a test so, and return what was sent, once it has been."""
    sent: list[str] = []

    def fulfill(route: Route) -> None:
        sent.append(str(route.request.headers))
        route.fulfill(status=status, json=told)

    page.route("**/api/trials", fulfill)
    return sent


def choose(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(CLIP)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_would_help_is_said_and_it_can_be_tried_again(open_page: Open, width: int) -> None:
    page, _ = open_page("trial", width=width)
    sent = answer(page, refused=None, hints=[QUIET])
    choose(page)
    said = page.get_by_role("status")
    expect(said).to_contain_text("For stille")
    expect(said).to_contain_text("Læg telefonen nærmere.")
    assert "Ida" not in sent[0]
    assert axe_violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.unroute_all()
    answer(page, refused=None, hints=[])
    choose(page)
    expect(said).to_have_text("Det lyder fint. I kan begynde.")
    expect(page.get_by_role("button", name="Prøv igen")).to_be_enabled()


def test_what_cannot_be_checked_is_told_plainly(open_page: Open) -> None:
    page, _ = open_page("trial")
    said = page.get_by_role("status")
    for status, told, words in (
        (200, {"refused": QUIET, "hints": []}, "For stille"),
        (503, {"message": "Ingen svarer.", "advice": "Vent."}, "Ingen svarer."),
        (401, {}, "Du er blevet logget ud."),
    ):
        answer(page, status, **told)
        choose(page)
        expect(said).to_contain_text(words)
        page.unroute_all()
    away = {"status": 502, "body": "<h1>Away</h1>", "content_type": "text/html"}
    page.route("**/api/trials", lambda route: route.fulfill(**away))
    choose(page)
    expect(said).to_contain_text("Forbindelsen er væk")
