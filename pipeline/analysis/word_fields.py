"""Word fields: words and short phrases that belong together, the same fields in three languages.

Pieces of words tell nothing of words that were never seen. That "lussing", "örfil" and "slapped"
are the same thing is written down in ``wordlists/*.toml``, from how people speak; the authors had
seen no labeled dialogue. A ``*`` at the end of an entry stands for any ending.

Source: for the form, Pennebaker, Boyd, Jordan and Blackburn 2015, The Development and Psychometric
Properties of LIWC2015.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

_FOLDER = Path(__file__).with_name("wordlists")
_LONGEST_PHRASE = 3
_HEAD = 2
"""Letters of a word by which it is looked up; no entry has fewer before its ``*``."""

_Begun = tuple[str, int]


@cache
def word_fields() -> Mapping[str, Mapping[str, Any]]:
    """Return what each field is about and what belongs to it by language, in order of names."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in _FOLDER.glob("*.toml"):
        found |= tomllib.loads(path.read_text("utf-8"))
    return dict(sorted(found.items()))


class FieldsOfLanguage:
    """The fields in one language, ready for looking up.

    Args:
        language: One of ``da``, ``sv``, ``en``.
    """

    def __init__(self, language: str) -> None:
        whole, begun = defaultdict[str, list[int]](list), defaultdict[str, list[_Begun]](list)
        for number, field in enumerate(word_fields().values()):
            stems = {entry[:-1] for entry in field[language] if entry.endswith("*")}
            for entry in field[language]:
                stem = entry.removesuffix("*")
                if any(stem.startswith(other) for other in stems - {stem}):
                    continue  # found by the shorter one already
                if entry.endswith("*"):
                    begun[_beginning(stem)].append((stem, number))
                elif stem not in stems:
                    whole[stem].append(number)
        self._whole = {entry: tuple(numbers) for entry, numbers in whole.items()}
        self._begun = {beginning: tuple(some) for beginning, some in begun.items()}
        self._openings = {
            entry[:at]
            for entry in [*whole, *(stem for some in begun.values() for stem, _ in some)]
            for at, letter in enumerate(entry)
            if letter == " "
        }

    def found_in(self, lines: Sequence[str]) -> csr_array:
        """Return how often something of each field occurs, shape (lines, fields).

        Args:
            lines: What was said, as ``spoken_form`` gives it.
        """
        known: dict[str, tuple[int, ...]] = {}  # not kept: they are words that were said
        found: list[int] = []
        ends = [0]
        for line in lines:
            words = line.split()
            for at, word in enumerate(words):
                if word not in known:
                    known[word] = self._of(word)
                found += known[word]
                phrase = word
                for after in words[at + 1 : at + _LONGEST_PHRASE]:
                    if phrase not in self._openings:
                        break
                    phrase = f"{phrase} {after}"
                    found += self._of(phrase)
            ends.append(len(found))
        counts = csr_array(
            (np.ones(len(found)), np.array(found, np.intp), np.array(ends, np.intp)),
            shape=(len(lines), len(word_fields())),
        )
        counts.sum_duplicates()
        return counts

    def _of(self, phrase: str) -> tuple[int, ...]:
        """Return the fields of a phrase as a whole, not those of its words."""
        found = self._whole.get(phrase, ())
        for stem, number in self._begun.get(_beginning(phrase), ()):
            if phrase.startswith(stem):
                found = (*found, number)
        return found


def _beginning(phrase: str) -> str:
    """Return what a phrase is looked up by: its words but the last, and two letters of that."""
    return phrase[: phrase.rfind(" ") + 1 + _HEAD]


@cache
def fields_of_language(language: str) -> FieldsOfLanguage:
    """Return the fields in one language, read once."""
    return FieldsOfLanguage(language)
