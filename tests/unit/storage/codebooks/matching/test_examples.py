"""The shipped tags keep their word: what a person reads as an example is what the machine does.

An example is put at the start, in the middle and at the end of a conversation, because some
tags only count in part of it. One that counts must be found somewhere, one that does not nowhere.
"""

from collections.abc import Iterator

import pytest

from storage.codebooks.matching.tagging import suggest_tags
from storage.codebooks.model import LANGUAGES, Codebook, Example, TagDefinition
from storage.codebooks.shipped import shipped_codebooks
from tests.unit.storage.codebooks.matching.talk import lines_between

PLACES = (0, 10, 20)


def rows(*, counting: bool) -> Iterator[tuple[Codebook, TagDefinition, str, Example]]:
    for codebook in shipped_codebooks():
        for tag in codebook.tags:
            for language in LANGUAGES:
                if any(cue.language in {"", language} for cue in tag.cues):
                    text = tag.text(language)
                    for example in text.examples if counting else text.counterexamples:
                        yield codebook, tag, language, example


def is_found(codebook: Codebook, tag: TagDefinition, language: str, example: Example) -> bool:
    speaker = tag.speakers[0]
    other = "youth" if speaker == "caseworker" else "caseworker"
    lines = [(other, example.before)] if example.before else []
    lines.append((speaker, example.text))
    for place in PLACES:
        turns = lines_between(20, lines, at=place)
        spoken = place + len(lines) - 1
        for suggestion in suggest_tags(turns, [codebook], language=language):
            if suggestion.code == tag.code and suggestion.turn == spoken:
                return True
    return False


@pytest.mark.parametrize(("codebook", "tag", "language", "example"), [*rows(counting=True)])
def test_what_counts_is_found(
    codebook: Codebook, tag: TagDefinition, language: str, example: Example
) -> None:
    assert is_found(codebook, tag, language, example)


@pytest.mark.parametrize(("codebook", "tag", "language", "example"), [*rows(counting=False)])
def test_what_does_not_count_is_not_found(
    codebook: Codebook, tag: TagDefinition, language: str, example: Example
) -> None:
    assert not is_found(codebook, tag, language, example)
