"""What nobody would mark is not marked, and every word of a cue can be met in a text."""

import re

import pytest

from storage.codebooks.matching.sentences import sentences_of
from storage.codebooks.matching.tagging import suggest_tags
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import LANGUAGES
from storage.codebooks.shipped import shipped_codebooks
from tests.unit.storage.codebooks.matching.talk import lines_between, spoken

ORDINARY = {
    "da": [
        "Bussen var forsinket i morges.",
        "Der er kaffe i køkkenet.",
        "Min søster har fået en hund.",
        "Det regnede hele ugen.",
        "Han spiller fodbold om tirsdagen.",
        "Vi så en film i weekenden.",
        "Det er længe siden.",
        "Computeren er slukket nu.",
        "Mødet med skolen var i mandags.",
        "Jeg skriver lige datoen på.",
    ],
    "sv": [
        "Bussen var försenad i morse.",
        "Det finns kaffe i köket.",
        "Min syster har fått en hund.",
        "Det regnade hela veckan.",
        "Han spelar fotboll på tisdagar.",
        "Vi såg en film i helgen.",
        "Det är länge sedan.",
        "Datorn är avstängd nu.",
        "Mötet med skolan var i måndags.",
        "Jag skriver bara dit datumet.",
    ],
    "en": [
        "The bus was late this morning.",
        "There is coffee in the kitchen.",
        "My sister has got a dog.",
        "It rained all week.",
        "He plays football on Tuesdays.",
        "We saw a film at the weekend.",
        "It was a long time ago.",
        "The computer is off now.",
        "The meeting with the school was on Monday.",
        "I'm just putting down the date.",
    ],
}


@pytest.mark.parametrize("place", [0, 10, 20])
@pytest.mark.parametrize("speaker", ["caseworker", "youth", "parent"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinary_talk_carries_no_tag(language: str, speaker: str, place: int) -> None:
    turns = lines_between(20, [(speaker, text) for text in ORDINARY[language]], at=place)

    assert suggest_tags(turns, shipped_codebooks(), language=language) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_shipped_cue_can_be_met(language: str) -> None:
    tables = text_language(language)
    patterns = [
        cue.pattern
        for codebook in shipped_codebooks()
        for tag in codebook.tags
        for cue in tag.cues
        if cue.language == language
    ]
    words = {word for each in patterns for word in re.findall(r"[^\s()|^$?~*.\d]+", each)}

    assert words
    for word in words:
        (passage,) = sentences_of(spoken(word), at=0, language=tables)
        assert passage.tokens == (word,)
