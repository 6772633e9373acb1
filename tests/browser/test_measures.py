"""Figures and marking on one's own, in a real browser: read, played, marked by keys, compared."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from review_app.measure_words import (
    CAVEAT_WORDS,
    COUNT_WORDS,
    FORMULA_WORDS,
    SOURCE_WORDS,
    TITLE_WORDS,
    WITHHELD_WORDS,
)
from review_app.translation import translator
from storage.codebooks.shipped import conversation_codebook
from tests.browser.desk_document import Document, many_turns
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

SAY = translator("da")
VIDEO = "document.querySelector('#host').shadowRoot.querySelector('video')"


def a_figure(name: str, value: str | None, between: str | None, *words: str) -> Document:
    few = SAY(WITHHELD_WORDS["too_few"]).format(n=2, needed=5)
    return {
        "measure": name,
        "title": SAY(TITLE_WORDS[name]),
        "value": value,
        "between": between,
        "count": SAY(COUNT_WORDS[name]).format(n=62),
        "withheld": few if value is None else None,
        "formula": SAY(FORMULA_WORDS[name]),
        "source": SAY(SOURCE_WORDS[name]),
        "caveat": SAY(CAVEAT_WORDS[name]),
        "moments": [
            {"start_ms": 8_000, "end_ms": 9_000, "words": list(words)},
            {"start_ms": 21_000, "end_ms": 24_000, "words": []},
        ],
        "earlier": [{"number": 2, "value": value, "between": between}] if value else [],
    }


FIGURES: list[Document] = [
    a_figure("talk_share", "62 %", "mellem 55 og 69"),
    a_figure("pause_before_youth", "0,8 s", "mellem 0,5 og 1,2"),
    a_figure("own_words", "8,4 procentpoint over tilfældet", "mellem 3,1 og 13,0", "skolen", "ro"),
    a_figure("silence_left", None, None),
]
QUALITY = {
    "words": 4_100,
    "doubtful_words": "4",
    "doubtful_speakers": "7",
    "speaker_confidence": "91",
}
COUNTED: Document = {"fresh": True, "quality": QUALITY, "unjudged": 12, "figures": FIGURES}
NOTHING: Document = {"fresh": False, "quality": None, "unjudged": 0, "figures": []}


def test_figures_are_counted_when_somebody_looks_and_play_from_the_desk(open_page: Open) -> None:
    page, server = open_page(measures=[NOTHING, COUNTED])
    page.get_by_role("tab", name="Tal").click()
    expect(page.get_by_text("Tallene regnes ud")).to_be_visible()
    expect(page.get_by_role("article", name="Rådgiverens del af taletiden")).to_contain_text(
        "62 % mellem 55 og 69 · 62 halve minutter"
    )
    assert len(server.named("count_figures")) == 1
    words = page.get_by_role("article", name="Den unges egne ord, der tages op")
    expect(words).to_contain_text("nummer 2: 8,4 procentpoint")
    words.get_by_text("Steder i filmen: 2").click()
    expect(words).to_contain_text("skolen, ro")
    words.get_by_role("button", name="Afspil fra 00:21").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime >= 21 && !{VIDEO}.paused")
    withheld = page.get_by_role("article", name="Stilheder")
    expect(withheld).to_contain_text("Vises ikke: Der er 2, og der skal være mindst 5.")
    assert not axe_violations(page)


def test_the_figures_are_reached_by_keyboard(open_page: Open) -> None:
    page, _ = open_page(measures=[COUNTED])
    page.get_by_role("tab", name="Tal").focus()
    page.keyboard.press("Enter")
    how = page.get_by_text("Sådan er det regnet ud").first
    how.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Flanders 1970")).to_be_visible()


LOOKED_FOR = {"open_question", "closed_question", "reflection"}


def codings(**changed: object) -> Document:
    text = [
        {key: each[key] for key in ("index", "start_ms", "end_ms", "speaker")}
        | {"text": " ".join(word[2] for word in each["words"])}
        for each in many_turns(24, 2_400)
    ]
    codes = [
        {
            "code": each.code,
            "label": said.short,
            "description": said.description,
            "counts": said.counts,
            "does_not_count": said.does_not_count,
            "examples": [example.text for example in said.examples],
            "counterexamples": [example.text for example in said.counterexamples],
        }
        for each in conversation_codebook().tags
        for said in [each.text("da")]
    ]
    coding = {
        "id": "k1",
        "start_ms": 0,
        "end_ms": 57_600,
        "begun_at": "2026-11-24T09:00:00+00:00",
        "codes": [each for each in codes if each["code"] in LOOKED_FOR],
        "may_drop": True,
        "turns": text,
        "mine": [[0, "open_question"]],
        "finished": False,
        "other_finished": True,
        "theirs": None,
        "figures": None,
        "corrected_since": False,
        **changed,
    }
    return {
        "recording": {
            "number": 3,
            "youth_letter": "A",
            "duration_ms": 60_000,
            "has_video": True,
        },
        "me": {"id": "s1", "name": "Birgitte Lund"},
        "other": {"id": "c1", "name": "Mette Krogh"},
        "has_text": True,
        "books": [
            {"id": "conversation", "title": "Samtalen", "codes": codes},
            {"id": "motivational", "title": "Motiverende samtale", "codes": codes[:2]},
        ],
        "codings": [coding],
    }


def a_range(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.2, "high": min(1, value + 0.2)}


def comparison() -> dict[str, Any]:
    both = {"kappa": a_range(0.71), "alpha": a_range(0.7)}
    return {
        "turns": 24,
        "needed": 20,
        "needed_marks": 5,
        "together": {**both, "icc": a_range(0.8)},
        "codes": {
            "open_question": {"first": 6, "second": 7, **both},
            "closed_question": {"first": 1, "second": 1},
            "reflection": {"first": 5, "second": 4, **both},
        },
    }


def sent(page: Page, server: DeskServer, intent: str, count: int = 1) -> list[Document]:
    until(page, lambda: len(server.named(intent)) >= count)
    return server.named(intent)


def test_a_stretch_is_marked_by_keys_and_finished(open_page: Open) -> None:
    page, server = open_page("agreement", codings=codings(), answer=lambda _: None)
    first = page.get_by_role("group", name="Stikord til turen ved 00:00")
    expect(first.get_by_role("button", name="Åbent spm.")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Afspil fra 00:00").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("3")
    expect(page.get_by_text("Gemt", exact=True)).to_be_visible()
    [kept] = sent(page, server, "mark_turns")
    assert sorted(kept["marks"]) == [[0, "open_question"], [2, "reflection"]]
    page.keyboard.press("3")
    assert sent(page, server, "mark_turns", 2)[-1]["marks"] == [[0, "open_question"]]
    page.get_by_text("Hvad der tæller med, og hvad der ikke gør").click()
    expect(page.get_by_text("Tæller ikke med:").first).to_be_visible()
    assert not axe_violations(page)

    server.codings = codings(finished=True)
    page.get_by_role("button", name="Jeg er færdig").click()
    expect(page.get_by_role("heading", name="Du er færdig")).to_be_visible()
    assert [each["id"] for each in server.named("finish_coding")] == ["k1"]
    expect(page.get_by_role("button", name="Venter på Mette")).to_be_visible()


def test_where_two_differ_is_played(open_page: Open) -> None:
    done = codings(
        finished=True,
        mine=[[0, "open_question"], [4, "reflection"]],
        theirs=[[0, "open_question"], [4, "open_question"], [6, "open_question"]],
        figures=comparison(),
        may_drop=False,
        corrected_since=True,
    )
    page, _ = open_page("agreement", codings=done)
    expect(page.get_by_role("heading", name="Hvor I er uenige: 2 af 24 ture")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("som den var dengang")
    row = page.get_by_role("row", name="Åbent spm.")
    expect(row).to_contain_text("0,71 (mellem 0,51 og 0,91)")
    expect(page.get_by_role("row", name="Lukket spm.")).to_contain_text("vises ikke")
    expect(page.get_by_text("Kun du: Spejling")).to_be_visible()
    expect(page.get_by_text("Kun Mette: Åbent spm.").first).to_be_visible()
    page.get_by_role("button", name="Afspil fra 00:09").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime >= 9 && !{VIDEO}.paused")
    assert not axe_violations(page)


def test_a_stretch_is_chosen_from_the_film(open_page: Open) -> None:
    none = {**codings(), "codings": []}
    page, server = open_page("agreement", codings=none, answer=lambda _: "k1")
    expect(page.get_by_role("heading", name="Nyt stykke")).to_be_visible()
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    page.evaluate(f"() => {{ {VIDEO}.currentTime = 12; }}")
    page.wait_for_function(f"() => !{VIDEO}.seeking")
    page.get_by_role("button", name="Begynder her").click()
    page.get_by_label("Anerkendelse").check()
    server.codings = codings()
    page.get_by_role("button", name="Begynd at markere").click()
    [begun] = sent(page, server, "begin_coding")
    assert (begun["start_ms"], begun["end_ms"]) == (12_000, 60_000)
    assert begun["book"] == "conversation"
    assert begun["codes"] == ["open_question", "closed_question", "reflection", "affirmation"]
    expect(page.get_by_role("heading", name="00:00 til 00:57")).to_be_visible()


def test_a_stretch_is_marked_by_another_codebook(open_page: Open) -> None:
    none = {**codings(), "codings": []}
    page, server = open_page("agreement", codings=none, answer=lambda _: "k1")
    page.get_by_label("Kodebog").select_option("Motiverende samtale")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_label("Lukket spm.").uncheck()
    assert not axe_violations(page)
    server.codings = codings()
    page.get_by_role("button", name="Begynd at markere").click()
    [begun] = sent(page, server, "begin_coding")
    assert (begun["book"], begun["codes"]) == ("motivational", ["open_question"])
