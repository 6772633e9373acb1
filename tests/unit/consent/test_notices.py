"""What people are told before they answer: all of it there, and easy enough to read."""

import re
from datetime import date
from pathlib import Path

import pytest

from consent.errors import NoticeInvalid
from consent.model import Jurisdiction, Participant, PersonId, Purpose, Role
from consent.notices import (
    CHILDREN,
    LANGUAGES,
    Audience,
    Notice,
    audience_for,
    fill,
    parse_authorities,
    parse_notices,
)

FOLDER = Path(__file__).parents[3] / "consent" / "notices"
SOME = (FOLDER / "youth_13_15.toml").read_text("utf-8")
DK = Jurisdiction("DK", date(2024, 1, 1), majority_age=18, unprocessed_days=30, retention_days=180)
EVERY = [(audience, language) for audience in Audience for language in LANGUAGES]
EASY = 30
MEDIUM = 40


def notice(audience: Audience, language: str) -> Notice:
    text = (FOLDER / f"{audience}.toml").read_text("utf-8")
    return parse_notices(text, audience=audience)[language]


def filled(audience: Audience, language: str) -> Notice:
    found = notice(audience, language)
    return fill(found, days=180, authority="Datatilsynet", contact="Kommunen, 70 00 00 00")


def lix(text: str) -> float:
    """Return the readability index: words a sentence, plus percent of words over six letters.

    Source: C. H. Björnsson, Läsbarhet (1968). Under 30 is very easy (children's books), from 30
    to 40 easy (fiction).
    """
    words = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text)
    sentences = re.findall(r"[^.!?:\n]*\w[^.!?:\n]*", text)
    long = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(long) / len(words)


def all_words(of: Notice) -> str:
    passages = of.passages()
    return "\n".join((of.title, of.intro, *(line for passage in passages for line in passage)))


def test_the_index_is_that_of_its_source() -> None:
    assert lix("Vi ser. Du ler.") == 2.0
    assert lix("Rådgiveren lytter. Filmen slettes.") == 2 + 100 * 2 / 4
    assert lix("En to tre fire fem.") == 5.0


@pytest.mark.parametrize(("audience", "language"), EVERY)
def test_a_notice_is_easy_enough_for_its_reader(audience: Audience, language: str) -> None:
    whole = filled(audience, language)
    # Headings are sentences without a full stop: with them the text would look easier than it is.
    running = "\n".join((whole.intro, *(passage.text for passage in whole.passages())))
    limit = EASY if audience in CHILDREN else MEDIUM
    assert lix(running) < limit
    assert lix(all_words(whole)) < limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_younger_readers_get_shorter_sentences_and_less_to_read(language: str) -> None:
    lengths = [len(all_words(filled(audience, language)).split()) for audience in CHILDREN]
    assert lengths[0] < lengths[2] < lengths[3]
    assert max(lengths) < 370


@pytest.mark.parametrize(("audience", "language"), EVERY)
def test_a_filled_notice_leaves_nothing_open_and_names_what_law_asks_for(
    audience: Audience, language: str
) -> None:
    whole = filled(audience, language)
    assert not re.search(r"[{}]", all_words(whole))
    assert "180" in whole.kept.text
    assert "Datatilsynet" in whole.rights.text
    assert "Kommunen, 70 00 00 00" in whole.ask.text
    assert list(whole.purposes) == list(Purpose)
    assert whole.version == f"{audience}-2026-11-22"


@pytest.mark.parametrize(("audience", "language"), EVERY)
def test_no_notice_uses_words_that_the_interface_avoids(audience: Audience, language: str) -> None:
    avoided = r"\b(AI|bruger|user|användare|desværre|tyvärr|unfortunately)\b|overvåg|!"
    assert not re.search(avoided, all_words(filled(audience, language)), re.IGNORECASE)


def test_what_is_filled_in_is_not_read_as_an_opening_itself() -> None:
    whole = fill(notice(Audience.YOUTH_7_9, "da"), days=1, authority="{days}", contact="{oops}")
    assert "{days}" in whole.rights.text
    assert "{oops}" in whole.ask.text


@pytest.mark.parametrize(
    ("born", "audience"),
    [
        (date(2021, 1, 1), Audience.YOUTH_7_9),  # too young to read: it is read aloud
        (date(2016, 11, 13), Audience.YOUTH_7_9),
        (date(2016, 11, 12), Audience.YOUTH_10_12),
        (date(2013, 11, 13), Audience.YOUTH_10_12),
        (date(2013, 11, 12), Audience.YOUTH_13_15),
        (date(2010, 11, 12), Audience.YOUTH_16_17),
        (date(2008, 11, 13), Audience.YOUTH_16_17),
        (date(2008, 11, 12), Audience.ADULT_YOUTH),
        (None, Audience.YOUTH_13_15),
    ],
)
def test_a_youth_gets_the_version_of_the_day(born: date | None, audience: Audience) -> None:
    youth = Participant(PersonId("y"), Role.YOUTH, birth_date=born)
    assert audience_for(youth, on=date(2026, 11, 12), jurisdiction=DK) is audience


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.YOUTH])
def test_the_others_get_the_version_of_their_say(role: Role) -> None:
    wanted = Audience.CUSTODY_HOLDER if role is Role.CUSTODY_HOLDER else Audience.OTHER_PERSON
    found = audience_for(Participant(PersonId("p"), role), on=date(2026, 11, 12), jurisdiction=DK)
    assert found is wanted


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("in_force_from = 2026-11-22", 'in_force_from = "soon"', "in_force_from"),
        ("in_force_from = 2026-11-22", "in_force_from = 2026-11-01T10:00:00", "in_force_from"),
        ("[sv]", "[nb]", "nb"),
        ("[da.purposes]", "[da.reasons]", "da.reasons"),
        ("research = {", "science = {", "da.purposes.science"),
        ("{days}", "180", "da.kept.text"),
        ("{authority}", "{days}", "da.rights.text"),
        ("Du kan sige nej", " ", "da.choice.title"),
        ('title = "Filmen fra din samtale"', "title = 3", "da.title"),
        ("stop = { title", "stop = { more = 1, title", "da.stop.more"),
        ("filmed = {", "filmed = 3 # {", "da.filmed"),
        ("[da]", "[da", "not TOML"),
    ],
)
def test_an_impossible_notice_is_refused_and_the_place_named(
    old: str, new: str, named: str
) -> None:
    assert old in SOME
    with pytest.raises(NoticeInvalid, match=re.escape(named)):
        parse_notices(SOME.replace(old, new, 1), audience=Audience.YOUTH_13_15)


def test_who_hears_complaints_is_named_for_every_jurisdiction() -> None:
    authorities = parse_authorities((FOLDER / "authorities.toml").read_text("utf-8"))
    codes = {
        path.stem.partition("-")[0] for path in (FOLDER.parent / "jurisdictions").glob("*.toml")
    }
    assert authorities.keys() >= codes
    assert authorities["SE"].name == "Integritetsskyddsmyndigheten (IMY)"
    with pytest.raises(NoticeInvalid, match=r"DK\.address"):
        parse_authorities('[DK]\nname = "x"')
