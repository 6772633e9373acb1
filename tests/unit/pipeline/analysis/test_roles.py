import numpy as np
import pytest

from pipeline.analysis.language import known_languages, language_table, speech_language, spoken_form
from pipeline.analysis.roles import role_score, roles_by_clamps, roles_from
from pipeline.analysis.sound import Diarization
from storage.codebooks.errors import LanguageUnknown
from storage.corrected_text import Clamp
from storage.records import Word

LINES = {
    "da": (
        ["Hvordan har du det?", "Hvad vil du gerne tale om?", "Du kan altid få en bisidder."],
        ["Det ved jeg ikke.", "Jeg er bare træt.", "Min far ringede ikke, tror jeg."],
        ["Min søn sover ikke.", "Min søn vil ikke i skole.", "Han siger ikke noget."],
    ),
    "sv": (
        ["Hur mår du?", "Vad vill du prata om?", "Du kan alltid få en paus."],
        ["Jag vet inte.", "Jag är bara trött.", "Min pappa ringde inte, tror jag."],
        ["Min son sover inte.", "Min son vill inte till skolan.", "Han säger inget."],
    ),
    "en": (
        ["How are you?", "What do you want to talk about?", "You can always take a break."],
        ["I don't know.", "I'm just tired.", "My dad didn't call, I guess."],
        ["My son does not sleep.", "My son hates school.", "He says nothing."],
    ),
}


def conversation(lines: tuple[list[str], ...]) -> tuple[tuple[Word, ...], Diarization]:
    """Voices take turns, a second per line, half a second between."""
    words, at = [], 0
    frames = np.zeros((400, len(lines)), np.float16)
    for said in zip(*lines, strict=True):
        for voice, line in enumerate(said):
            texts = line.split()
            step = 1_000 // len(texts)
            words += [Word(at + i * step, at + (i + 1) * step, t) for i, t in enumerate(texts)]
            frames[at // 100 : at // 100 + 10, voice] = 1
            at += 1_500
    return tuple(words), Diarization(frames, engine="made")


@pytest.mark.parametrize("language", LINES)
def test_the_one_who_asks_is_the_caseworker(language: str) -> None:
    caseworker, youth, _ = LINES[language]
    words, who = conversation((youth, caseworker))
    found = roles_from(words, who, language=language)
    assert found.names == ("youth", "caseworker")
    assert found.confidence > 0.6


@pytest.mark.parametrize("language", LINES)
def test_a_third_who_speaks_of_a_son_is_a_parent(language: str) -> None:
    caseworker, youth, parent = LINES[language]
    words, who = conversation((parent, caseworker, youth))
    assert roles_from(words, who, language=language).names == ("parent", "caseworker", "youth")


def test_a_third_without_signs_is_other() -> None:
    caseworker, youth, _ = LINES["da"]
    words, who = conversation((caseworker, youth, ["Ja.", "Okay.", "Nej."]))
    names = roles_from(words, who, language="da").names
    assert names[0] == "caseworker"
    assert sorted(names) == ["caseworker", "other", "youth"]


def test_without_words_roles_are_a_guess() -> None:
    found = roles_from((), Diarization(np.zeros((10, 2), np.float16), "made"), language="da")
    assert found.confidence == 0.5
    assert sorted(found.names) == ["caseworker", "youth"]


def test_one_voice_is_the_caseworker() -> None:
    found = roles_from((), Diarization(np.zeros((10, 1), np.float16), "made"), language="da")
    assert found.names == ("caseworker",)


@pytest.mark.parametrize("language", LINES)
def test_typical_lines_have_the_right_sign(language: str) -> None:
    table = speech_language(language)
    caseworker, youth, _ = LINES[language]
    assert all(role_score(line, language=table) > 0 for line in caseworker)
    assert all(role_score(line, language=table) < 0 for line in youth)
    assert role_score("…", language=table) == 0


def test_all_languages_have_the_same_lists() -> None:
    assert known_languages() == ("da", "en", "sv")
    keys = {code: set(language_table(code)["speech"]) for code in known_languages()}
    assert keys["da"] == keys["sv"] == keys["en"]


@pytest.mark.parametrize("code", ["xx", "../da", ""])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(LanguageUnknown):
        speech_language(code)


def test_spoken_form_drops_case_and_marks() -> None:
    assert spoken_form("Nå, Jonas ... kom  ind!") == "nå jonas kom ind"


def test_the_voices_take_the_roles_that_people_have_given_them() -> None:
    _, heard = conversation(LINES["da"])
    names = ("caseworker", "youth", "parent")
    assert roles_by_clamps(names, heard, ()) == names
    swapped = (Clamp(0, 1_000, "youth"),)
    assert roles_by_clamps(names, heard, swapped)[0] == "youth"
    assert sorted(roles_by_clamps(names, heard, swapped)) == sorted(names)
    assert roles_by_clamps(names, heard, (Clamp(0, 1_000, "other"),)) == names
