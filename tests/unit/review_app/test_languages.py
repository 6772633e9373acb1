"""Whether everything a user can meet is said in Danish and Swedish, in words we stand by."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import pipeline.analysis.errors
import pipeline.engines.errors  # noqa: F401 - so that all errors are known below their bases
import storage.codebooks.errors
import storage.vault.errors  # noqa: F401 - likewise
from consent.errors import ConsentError
from pipeline.analysis.sound_quality import SoundHintCode
from pipeline.engines.joining import JoinHint
from pipeline.engines.picture_quality import PictureCode
from pipeline.errors import Failure, PipelineError, Refusal
from review_app import dates, words
from review_app.components import LABELS
from review_app.errors import Denied, ReviewError
from review_app.translation import LANGUAGES, catalogue, preferred, told, translator
from storage.errors import Conflict, StorageError
from storage.records import Stage

ROOT = Path(__file__).parents[3]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
NEVER_SAID = {
    "da": r"\bscore|niveau|præstation|fejl|overvåg|\bAI\b|bruger\b|\bbruger|desværre|\bups\b",
    "sv": r"\bscore|\bpoäng|prestation|övervak|\bAI\b|användar|tyvärr|\bhoppsan\b",
    "en": r"\bscor(e|ing)\b|\bperformance\b|mistake|surveillance|\bAI\b|unfortunately|\boops\b",
}


def extracted() -> set[str]:
    mapping = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    methods: list[tuple[str, str]] = []
    options: dict[str, dict[str, object]] = {}
    for rule in mapping["mappings"]:
        patterns = rule["pattern"] if isinstance(rule["pattern"], list) else [rule["pattern"]]
        for pattern in patterns:
            methods.append((pattern, rule["method"]))
            options[pattern] = {k: v for k, v in rule.items() if k not in {"pattern", "method"}}
    found = extract_from_dir(ROOT, methods, options)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def po(language: str) -> Catalog:
    path = ROOT / "review_app" / "locale" / language / "LC_MESSAGES" / "samspil.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def errors_below(base: type[Exception]) -> Iterator[type[Exception]]:
    yield base
    for error in base.__subclasses__():
        if error.__module__.partition(".")[0] in {"consent", "storage", "pipeline", "review_app"}:
            yield from errors_below(error)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_a_translation(language: str) -> None:
    assert not sorted(extracted() - catalogue(language).keys())


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_has_lost_its_text(language: str) -> None:
    assert not sorted(catalogue(language).keys() - extracted())
    assert not po(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_the_same_blanks(language: str) -> None:
    differing = {k: v for k, v in catalogue(language).items() if blanks(k) != blanks(v)}
    assert not differing


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language: str) -> None:
    assert not [message.id for message in po(language) if message.id and message.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_end_as_in_english(language: str) -> None:
    ends = (".", "?", ":", "…")
    differing = {
        k: v
        for k, v in catalogue(language).items()
        if k[-1] != v[-1] and (k.endswith(ends) or v.endswith(ends))
    }
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_are_never_said(language: str) -> None:
    texts = extracted() if language == "en" else set(catalogue(language).values())
    assert not [text for text in texts if re.search(NEVER_SAID[language], text, re.IGNORECASE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shouted_at(language: str) -> None:
    texts = extracted() if language == "en" else set(catalogue(language).values())
    assert not [text for text in texts if "!" in text or re.search(r"\b[A-ZÆØÅÄÖ]{5,}\b", text)]


def test_no_code_is_shown_to_people() -> None:
    assert not [text for text in extracted() if "``" in text]


def test_what_pages_look_up_is_found_by_extraction() -> None:
    looked_up = {text for labels in LABELS.values() for text in labels.values()}
    for name, table in vars(words).items():
        if name.endswith("_WORDS"):
            for value in table.values():
                looked_up |= {value} if isinstance(value, str) else set(value)
    assert len(looked_up) > 100
    assert not sorted(looked_up - extracted())


@pytest.mark.parametrize("base", [ConsentError, StorageError, ReviewError, PipelineError])
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_error_is_told_in_the_readers_language(base: type[Exception], language: str) -> None:
    known = catalogue(language)
    for error in errors_below(base):
        texts = ((error.__doc__ or "").partition("\n")[0], getattr(error, "advice", ""))
        assert not [text for text in texts if text and text not in known], error


def test_an_error_is_told_by_its_first_line_and_its_advice() -> None:
    english, danish = translator("en"), translator("da")
    assert told(Conflict(), say=english)[0] == "Someone else has changed this since it was read."
    assert told(Denied(), say=danish)[0] == "Du har ikke adgang til dette."
    assert told(ReviewError(), say=danish)[1] == ""


def test_every_stage_and_every_way_it_may_end_has_words() -> None:
    assert words.STAGE_WORDS.keys() == set(Stage)
    codes = {*Refusal, *Failure} | {
        error.__name__
        for error in errors_below(PipelineError)
        if not error.__subclasses__() and "code" not in error.__init__.__code__.co_names
    }
    # Told at the command line, where there is no stage.
    codes -= {"FileMissing", "VoicesUnclear"}
    codes -= {"ReferenceInvalid", "SpeakersMissing"}
    assert {"DiskFull", "ChildDied", "StageKilled", "SoundUnusable", "ModelIncomplete"} <= codes
    assert not sorted(codes - words.FAILURE_WORDS.keys())


def test_a_reason_is_told_in_words_never_as_a_cues_id() -> None:
    say = translator("da")
    assert words.because("start", say=say) == "samtalen begynder her"
    assert words.because("summary.da.2", say=say) == "en vending, der ofte hører til"
    assert words.because("", say=say) == ""


def test_every_hint_about_sound_and_picture_has_words() -> None:
    assert words.HINT_WORDS.keys() == {*SoundHintCode, *PictureCode, *JoinHint}


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("Your next step", "Dit næste skridt"),
        ("Waiting for you", "Venter på dig"),
        ("In progress", "I gang"),
        ("Finished", "Afsluttet"),
        ("Prepare", "Forbered dig"),
        ("My recordings", "Mine optagelser"),
        ("New recording", "Ny optagelse"),
        ("My course", "Mit forløb"),
        ("Minutes and plan", "Referat og plan"),
        (
            "Only you and your supervisor, {name}, can see the content.",
            "Kun du og din supervisor, {name}, kan se indholdet.",
        ),
    ],
)
def test_the_words_people_look_for(english: str, danish: str) -> None:
    assert translator("da")(english) == danish


def test_the_reader_gets_the_language_that_was_asked_for() -> None:
    assert translator("sv")("Sign out") == "Logga ut"
    assert translator("en")("Sign out") == "Sign out"
    assert translator("nb")("Sign out") == "Log ud"
    assert preferred("nb-NO, sv;q=0.8, en;q=0.5") == "sv"
    assert preferred("fr") == "da"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("da", "tirsdag 24. november kl. 10.00"),
        ("sv", "tisdag 24 november kl. 10.00"),
        ("en", "Tuesday 24 November, 10:00"),
    ],
)
def test_moments_are_written_as_people_write_them(language: str, written: str) -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert dates.moment(at, language=language) == written


@pytest.mark.parametrize(
    ("language", "day", "weekday"),
    [
        ("da", "1. juni", "mandag"),
        ("sv", "1 juni", "måndag"),
        ("en", "1 June", "Monday"),
    ],
)
def test_days_are_those_of_the_readers_clock(language: str, day: str, weekday: str) -> None:
    late_on_sunday = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    assert dates.day(late_on_sunday, language=language) == day
    assert dates.weekday(date(2026, 6, 1), language=language) == weekday


@pytest.mark.parametrize(
    ("language", "written", "month"),
    [
        ("da", "24. nov. 10.00", "november"),
        ("sv", "24 nov. 10.00", "november"),
        ("en", "24 Nov 10:00", "November"),
    ],
)
def test_a_moment_is_short_where_there_is_little_room(
    language: str, written: str, month: str
) -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert dates.short_moment(at, language=language) == written
    assert dates.month(date(2026, 11, 24), language=language) == month


@pytest.mark.parametrize(
    ("at_ms", "written"), [(0, "00:00"), (761_999, "12:41"), (3_723_000, "1:02:03")]
)
def test_film_times(at_ms: int, written: str) -> None:
    assert dates.film_time(at_ms) == written
