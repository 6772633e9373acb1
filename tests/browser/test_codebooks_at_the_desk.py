"""The codebooks of a course at the desk: on the keys, and on the lane of keywords."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document, tag
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

METHODS = ("Skala", "Undtagelse", "Ønsket liv")


def with_methods() -> Document:
    """Return a document with a second codebook: one keyword of it used, one suggested."""
    document = a_document()
    for place, label in enumerate(METHODS, start=1):
        code = {**document["codes"][0], "book": "methods", "code": f"m{place}", "label": label}
        document["codes"].append({**code, "key": str(place), "accepted": 0, "judged": 0})
    for name, code, start, verdict in (
        ("t8", "m1", 40_000, "confirmed"),
        ("t9", "m2", 50_000, "suggested"),
    ):
        found = tag(name, code, (start, start + 2_000), label=METHODS[0], verdict=verdict)
        document["tags"].append({**found, "book": "methods", "codebook": "methods@1"})
    return document


def keyword(page: Page, name: str) -> int:
    return page.locator(f"[data-tag={name}]").count()


def choose(page: Page, title: str) -> None:
    page.get_by_label("Kodebog på tasterne og blandt forslagene").select_option(title)


def test_a_key_sets_the_keyword_of_the_codebook_in_hand(open_page: Open) -> None:
    page, server = open_page(document=with_methods())
    expect(page.locator(".cd").first).to_contain_text("Åbent spm.")
    choose(page, "Metoder")
    expect(page.locator(".cd")).to_have_text(["1Skala", "2Undtagelse", "3Ønsket liv"])
    assert axe_violations(page) == []
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("2")

    assert marked(page, server) == [("methods", "m2")]


def test_the_next_codebook_is_a_key_away_and_its_name_is_said(open_page: Open) -> None:
    page, server = open_page(document=with_methods())
    expect(page.locator(".cd").first).to_be_visible()
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Shift+C")
    expect(page.get_by_role("status").filter(has_text="Metoder")).to_be_attached()
    page.keyboard.press("1")
    page.keyboard.press("Shift+C")
    page.keyboard.press("1")

    until(page, lambda: len(server.named("add_tag")) == 2)
    assert marked(page, server) == [("methods", "m1"), ("conversation", "c1")]


def test_only_suggestions_of_the_codebook_in_hand_are_shown_and_all_that_is_used(
    open_page: Open,
) -> None:
    page, _ = open_page(document=with_methods())
    expect(page.locator("[data-tag=t2]")).to_be_attached()
    assert (keyword(page, "t1"), keyword(page, "t8"), keyword(page, "t9")) == (1, 1, 0)
    choose(page, "Metoder")
    expect(page.locator("[data-tag=t9]")).to_be_attached()
    assert (keyword(page, "t1"), keyword(page, "t8"), keyword(page, "t2")) == (1, 1, 0)


def test_a_keyword_is_told_apart_from_others_of_its_kind(open_page: Open) -> None:
    document = with_methods()
    steps = [{"modifier": f"step_{each}", "label": each} for each in "012"]
    next(each for each in document["codes"] if each["code"] == "m1")["modifiers"] = steps
    page, server = open_page(document=document)
    page.locator("[data-tag=t8]").click()
    page.get_by_label("Nærmere bestemt").select_option("2")

    until(page, lambda: server.named("modify_tag"))
    assert server.named("modify_tag")[0]["modifier"] == "step_2"
    expect(page.locator("[data-tag=t8]")).to_have_attribute("title", "Skala · 2, 00:40–00:42")
    assert axe_violations(page) == []
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("Control+z")
    until(page, lambda: len(server.named("modify_tag")) == 2)
    assert "modifier" not in server.named("modify_tag")[1]


def marked(page: Page, server: DeskServer) -> list[tuple[str, str]]:
    until(page, lambda: server.named("add_tag"))
    return [(each["book"], each["code"]) for each in server.named("add_tag")]
