"""Small codebooks for tests."""

from storage.codebooks.model import Codebook
from storage.codebooks.parse import parse_codebook

LANGUAGE_TABLE = """
[tags.{code}.{language}]
label = "label"
description = "description"
counts = "counts"
does_not_count = "does not count"
examples = ["one", "two"]
counterexamples = ["three", "four"]
cues = [{cues}]
"""


def tag(code: str, *, head: str = 'speaker = ["caseworker"]', da: str = "") -> str:
    """Return one tag's TOML; ``da`` are the Danish cues, ``head`` its own fields."""
    tables = "".join(
        LANGUAGE_TABLE.format(code=code, language=language, cues=da if language == "da" else "")
        for language in ("da", "sv", "en")
    )
    return f'[tags.{code}]\nserves = ["P1.1"]\n{head}\n{tables}'


def book_text(*tags: str) -> str:
    titles = 'title = { da = "Bog", sv = "Bok", en = "Book" }'
    return "\n".join(['id = "test"', "version = 3", titles, *tags])


def book(*tags: str) -> Codebook:
    return parse_codebook(book_text(*tags))
