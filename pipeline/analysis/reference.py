"""Texts that are known to be true, to compare recognition with. No files.

Three shapes of JSON are read: the rehearsal's script (``lines``), our own turns (a list), and what
WhisperX and Whisper write (``segments``, seconds). Words may lack times, and all may lack speakers.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.analysis.errors import ReferenceInvalid
from pipeline.analysis.language import known_languages
from pipeline.analysis.transcript_scores import TimedWord

_USUAL_LANGUAGE = "da"
_PARTS = ("lines", "turns", "segments")
_SPEAKER, _TEXT = ("speaker", "role", "who"), ("text", "word")


@dataclass(frozen=True, slots=True)
class Reference:
    """What was truly said, in order."""

    language: str
    words: tuple[TimedWord, ...]

    @property
    def speakers(self) -> int:
        """How many people speak; 1 where nobody is named."""
        return max(1, len({word.speaker for word in self.words} - {None}))


def parse_reference(untrusted_text: str) -> Reference:
    """Return a true text.

    Args:
        untrusted_text: JSON: a list of utterances, or an object that holds one under ``lines``,
            ``turns`` or ``segments``, and may name its ``language``. An utterance has ``text`` or
            ``words``, and may have ``speaker`` (or ``role``). A word is an object with ``text``
            (or ``word``), or a row: text, start, end; or start, end, text, as our turns have it.
            Times are ``start_ms`` and ``end_ms``, or ``start`` and ``end`` in seconds; in rows ms.

    Raises:
        ReferenceInvalid: It is something else, or nobody says a word.
    """
    try:
        document = json.loads(untrusted_text)
        whole: Mapping[str, Any] = document if isinstance(document, dict) else {"lines": document}
        named = next(part for part in _PARTS if part in whole)
        words = tuple(word for part in whole[named] for word in _words(part))
        language = str(whole.get("language", ""))[:2].lower()
    except (ValueError, TypeError, LookupError, StopIteration, AttributeError) as error:
        raise ReferenceInvalid from error
    if not any(character.isalnum() for word in words for character in word.text):
        raise ReferenceInvalid
    return Reference(language if language in known_languages() else _USUAL_LANGUAGE, words)


def _words(part: Mapping[str, Any]) -> Iterator[TimedWord]:
    speaker = _first(part, _SPEAKER)
    listed: Sequence[Any] = part.get("words") or str(_first(part, _TEXT) or "").split()
    for word in listed:
        match word:
            case str():
                yield TimedWord(word, speaker)
            case Mapping():
                own = _first(word, _SPEAKER) or speaker
                start, end = (_moment(word, name) for name in ("start", "end"))
                yield TimedWord(str(_first(word, _TEXT) or ""), own, start, end)
            case [str(text), start, end]:
                yield TimedWord(text, speaker, round(start), round(end))
            case [start, end, str(text), *_]:
                yield TimedWord(text, speaker, round(start), round(end))
            case _:
                raise ReferenceInvalid


def _first(part: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next((str(part[name]) for name in names if part.get(name) is not None), None)


def _moment(word: Mapping[str, Any], name: str) -> int | None:
    """Return a time in ms; what an aligner could not place has none."""
    if (ms := word.get(f"{name}_ms")) is not None:
        return round(float(ms))
    seconds = word.get(name)
    return None if seconds is None else round(float(seconds) * 1000)
