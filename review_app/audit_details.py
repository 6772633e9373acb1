"""What the details of an act in the audit log say on the page that shows it.

An id stays one, cut to its end, for what it names is content. A code or a number is told in words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from review_app import errors
from review_app.consent_words import DOUBT_WORDS
from review_app.dates import film_time
from review_app.paper.papers import ERASURE_WORDS
from review_app.translation import Translate
from review_app.words import (
    CONCERN_STEP_WORDS,
    EXPORT_REASON_WORDS,
    GAP_WORDS,
    HOLD_WORDS,
    PURPOSE_WORDS,
    STAGE_WORDS,
    TRAINING_REASON_WORDS,
    USER_ROLE_WORDS,
)
from storage.erasure import HELD
from storage.records import CopyVoice, Verdict, Visibility

FIELD_WORDS: Final[dict[str, str]] = {
    "break_glass": "Emergency access {value}",
    "code": "Keyword: {value}",
    "coding": "Marking {value}",
    "concern": "Concern {value}",
    "copy": "Copy {value}",
    "correction": "Correction {value}",
    "count": "How many: {value}",
    "cues": "Lines of text: {value}",
    "earlier": "Earlier conversation {value}",
    "edition": "Edition {value}",
    "evidence": "Answer {value}",
    "goal": "Goal {value}",
    "guest": "Guest {value}",
    "hold": "Hold {value}",
    "leader": "Told: {value}",
    "line": "Line {value} of the log of deletions",
    "minutes": "{value} minutes",
    "note": "Note {value}",
    "notice": "Text {value}",
    "number": "Anchor {value}",
    "parts": "Files: {value}",
    "person": "Person {value}",
    "purpose": "For: {value}",
    "receipt": "Receipt {value}",
    "revision": "Revision {value}",
    "segment": "Phase {value}",
    "seq": "Entry {value}",
    "sequence": "Sequence {value}",
    "side": "As: {value}",
    "tag": "Keyword {value}",
    "taken_back": "Files taken away: {value}",
    "version": "Version {value} of the text",
    "with": "With {value}",
}
"""By the field's name. A field that is not here says all there is to say by its value's words."""

_SHOWN_WORDS: Final[dict[str, str]] = {
    "film": "The film",
    "captions": "Captions",
    "subtitles": "Subtitles",
    "thumbnails": "Small pictures of the film",
    "training": "Masked film",
}
_JUDGED_WORDS: Final[dict[Verdict, str]] = {
    Verdict.SUGGESTED: "Open again",
    Verdict.CONFIRMED: "Confirmed",
    Verdict.DISMISSED: "Dismissed",
}
_VOICE_WORDS: Final[dict[CopyVoice, str]] = {
    CopyVoice.CHANGED: "Voices changed",
    CopyVoice.REMOVED: "Voices removed",
}
_READER_WORDS: Final[dict[Visibility, str]] = {
    Visibility.PRIVATE: "Private",
    Visibility.MEETING: "For the meeting",
    Visibility.SHARED: "Shared",
}
_SUBTITLES: Final = {"vtt": "WebVTT", "srt": "SRT"}


def _refusals(refusal: type[errors.Denied] = errors.Denied) -> Iterator[tuple[str, str]]:
    """Yield what each kind of refusal says, by the name that stands in the log."""
    yield refusal.__name__, (refusal.__doc__ or "").partition("\n")[0]
    for narrower in refusal.__subclasses__():
        yield from _refusals(narrower)


_FORMER_STAGE_WORDS: Final[dict[str, str]] = {"segment": "Phases are suggested"}


def _by_code(*tables: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): text for table in tables for code, text in table.items()}


VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "because": _by_code(ERASURE_WORDS, DOUBT_WORDS),
    "kind": _by_code(GAP_WORDS, HOLD_WORDS, _SUBTITLES, dict(_refusals())),
    "purpose": _by_code(PURPOSE_WORDS),
    "reason": _by_code(EXPORT_REASON_WORDS, TRAINING_REASON_WORDS),
    "side": _by_code(USER_ROLE_WORDS),
    "stage": _by_code(STAGE_WORDS, _FORMER_STAGE_WORDS),
    "step": _by_code(CONCERN_STEP_WORDS),
    "verdict": _by_code(_JUDGED_WORDS),
    "visibility": _by_code(_READER_WORDS),
    "voice": _by_code(_VOICE_WORDS),
    "what": _SHOWN_WORDS,
}
"""What each code means, by the field it stands in."""

FILM: Final = ("from_ms", "to_ms")
TERMS: Final = frozenset({"code", "ground"})
"""Fields whose codes the site or the law has named."""
_LONG_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEPT_OF_ID: Final = 8


def told(
    detail: Mapping[str, int | str], *, terms: Mapping[str, str], say: Translate
) -> tuple[str, ...]:
    """Return the details of one entry in words.

    Args:
        detail: What stands in the log.
        terms: What the site calls its keywords and the law its grounds, by code.
        say: The reader's language.
    """
    held = sum(int(count) for field, count in detail.items() if field.startswith(HELD))
    parts = list(_each(detail, terms=terms, say=say))
    if held:
        parts.append(say("Rows and files: {value}").format(value=held))
    return tuple(parts)


def _each(
    detail: Mapping[str, int | str], *, terms: Mapping[str, str], say: Translate
) -> Iterable[str]:
    if all(field in detail for field in FILM):
        yield "–".join(film_time(int(detail[field])) for field in FILM)
    for field, value in detail.items():
        if field in FILM or field.startswith(HELD):
            continue
        if field in TERMS:
            word = terms.get(str(value), str(value))
        else:
            word = say(VALUES.get(field, {}).get(str(value), short(str(value))))
        yield say(FIELD_WORDS.get(field, "{value}")).format(value=word)


def short(id_: str) -> str:
    """Return the end of a long id, where those of one day differ; anything else as it is."""
    return f"…{id_[-_KEPT_OF_ID:]}" if _LONG_ID.fullmatch(id_) else id_
