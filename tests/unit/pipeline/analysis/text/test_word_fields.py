from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.language import spoken_form
from pipeline.analysis.word_fields import fields_of_language, word_fields

LANGUAGES = ("da", "sv", "en")
NAMES = list(word_fields())


def found(line: str, *, language: str) -> dict[str, float]:
    counts = fields_of_language(language).found_in([line]).toarray()[0]
    return {name: count for name, count in zip(NAMES, counts, strict=True) if count}


@pytest.mark.parametrize(
    ("language", "line", "field"),
    [
        ("da", "så fik jeg en lussing", "violence"),
        ("sv", "jag fick en örfil", "violence"),
        ("en", "she slapped me", "violence"),
        ("da", "jeg har blå mærker", "injuries"),
        ("da", "der er ikke mere mad i køleskabet", "neglect"),
        ("sv", "vi ses på torsdag", "weekdays_dates"),
        ("en", "my stepdad shouted", "step_family"),
    ],
)
def test_words_are_found_in_their_field(language: str, line: str, field: str) -> None:
    assert field in found(line, language=language)


def test_a_phrase_counts_only_as_a_whole() -> None:
    assert "injuries" in found("blå mærker", language="da")
    assert "injuries" not in found("blå sko", language="da")
    assert "injuries" not in found("mærker det", language="da")


def test_each_time_counts() -> None:
    assert found("skole og skole", language="da")["school"] == 2


def test_the_beginning_of_a_phrase_is_not_counted_again_with_every_word_after_it() -> None:
    alone, followed = found("fodbold", language="da"), found("fodbold på tirsdag", language="da")
    assert followed["sport"] == alone["sport"]


def test_nothing_said_is_nothing_found() -> None:
    assert fields_of_language("en").found_in(["", " "]).shape == (2, len(NAMES))
    assert not fields_of_language("en").found_in([]).sum()


@given(st.lists(st.text("abdeiklmnorstuåøæ ", max_size=40), max_size=4))
def test_a_line_tells_the_same_beside_any_others(lines: list[str]) -> None:
    lines = [spoken_form(line) for line in lines]
    together = fields_of_language("da").found_in(lines)
    for row, line in enumerate(lines):
        assert (together[[row]] != fields_of_language("da").found_in([line])).nnz == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_complete_and_as_people_sound(name: str) -> None:
    field = word_fields()[name]
    assert set(field) == {"about", *LANGUAGES}
    for language in LANGUAGES:
        entries = field[language]
        assert len(entries) >= 40, language
        twice = [entry for entry, count in Counter(entries).items() if count > 1]
        assert not twice, language
        for entry in entries:
            stem = entry.removesuffix("*")
            assert stem == spoken_form(stem), entry
            assert 1 <= len(stem.split()) <= 3, entry
            assert stem == entry or len(stem.split()[-1]) >= 2, entry
