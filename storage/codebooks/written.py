"""From a codebook to the table that it is parsed from; what is as usual is left out."""

from dataclasses import replace
from typing import Any

from storage.codebooks.model import Codebook, Cue, Example, Severity, TagDefinition, Within

_FIELDS = {
    "pattern": "p",
    "weight": "w",
    "question": "q",
    "min_words": "minw",
    "max_words": "maxw",
    "position": "pos",
    "within": "in",
}
_USUAL = Cue(id="", weight=0.0)


def table_of(book: Codebook) -> dict[str, Any]:
    """Return a table of which ``codebook_from`` makes the same codebook."""
    return {
        "id": book.id,
        "version": book.version,
        "edition": book.edition,
        "title": dict(book.titles),
        "tags": {tag.code: tag_table(tag) for tag in book.tags},
    }


def tag_table(tag: TagDefinition) -> dict[str, Any]:
    """Return one tag as it stands in a codebook."""
    table: dict[str, Any] = {"speaker": list(tag.speakers), "serves": list(tag.serves)}
    if tag.key:
        table["key"] = tag.key
    table["threshold"] = tag.threshold
    if tag.severity is not Severity.NORMAL:
        table["severity"] = tag.severity.value
    if tag.unless:
        table["unless"] = list(tag.unless)
    if tag.modifiers:
        table["modifiers"] = list(tag.modifiers)
    if tag.retired:
        table["retired"] = True
    table["cues"] = _cues(tag, language="")
    for text in tag.texts:
        table[text.language] = {
            "label": text.label,
            "short": text.short,
            "description": text.description,
            "counts": text.counts,
            "does_not_count": text.does_not_count,
            "examples": [_example(each) for each in text.examples],
            "counterexamples": [_example(each) for each in text.counterexamples],
            "cues": _cues(tag, language=text.language),
            **({"modifiers": list(text.modifiers)} if text.modifiers else {}),
        }
    return table


def _cues(tag: TagDefinition, *, language: str) -> list[dict[str, Any]]:
    return [_cue(cue) for cue in tag.cues if cue.language == language]


def _cue(cue: Cue) -> dict[str, Any]:
    """Return a cue without its id and language, which follow from where it stands."""
    usual = replace(_USUAL, id=cue.id, weight=-1.0, language=cue.language)
    written: dict[str, Any] = {}
    for name in Cue.__slots__:
        value = getattr(cue, name)
        if value != getattr(usual, name):
            written[_FIELDS.get(name, name)] = _plain(value)
    return written


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Within) else value


def _example(example: Example) -> str | dict[str, str]:
    if not example.before:
        return example.text
    return {"text": example.text, "before": example.before}
