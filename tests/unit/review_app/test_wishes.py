"""What a wish speaks of: by its own words, bent as they may be, and never by what everyone says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.supervision.wishes import wished_for
from storage.codebooks.shipped import conversation_codebook

CODEBOOK = conversation_codebook()


@pytest.mark.parametrize(
    ("language", "wish", "code", "words"),
    [
        ("da", "Jeg fylder pauserne ud, når A bliver stille.", "pause", ["pauserne", "stille"]),
        ("da", "Kan du se, om jeg opsummerer nok?", "summary", ["opsummerer"]),
        ("da", "Stiller jeg for mange spørgsmål?", "open_question", ["spørgsmål"]),
        ("sv", "Lyssnar jag, eller fyller jag ut tystnaden?", "pause", ["tystnaden"]),
        ("sv", "Ställer jag öppna frågor?", "open_question", ["frågor"]),
        ("en", "And the silences?", "pause", ["silences"]),
    ],
)
def test_a_keyword_is_found_by_the_wishs_own_words(
    language: str, wish: str, code: str, words: list[str]
) -> None:
    assert wished_for(wish, codebook=CODEBOOK, language=language)[code] == words


@pytest.mark.parametrize(
    "wish", [None, "", "Hvad sker der lige før og efter?", "Den unge og rådgiveren", "123 ..."]
)
def test_what_everyone_says_finds_nothing(wish: str | None) -> None:
    assert wished_for(wish, codebook=CODEBOOK, language="da") == {}


def test_a_language_without_a_codebook_finds_nothing() -> None:
    assert wished_for("pauser", codebook=CODEBOOK, language="nb") == {}


@given(st.text(max_size=200), st.sampled_from(["da", "sv", "en"]))
def test_only_words_of_the_wish_are_told(wish: str, language: str) -> None:
    for words in wished_for(wish, codebook=CODEBOOK, language=language).values():
        assert words
        assert all(word in wish.lower() for word in words)
