"""The figures of a conversation in words, beside those of the same caseworker's earlier ones.

They are counted elsewhere, by a worker. Nobody is compared with anybody else, and each earlier
conversation is opened anew: it is there only while everyone in it agrees.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from babel.numbers import format_decimal

from consent.errors import ConsentError
from review_app.commands.access import Access, access_to
from review_app.errors import ReviewError
from review_app.measure_words import (
    CAVEAT_WORDS,
    COUNT_WORDS,
    FORMULA_WORDS,
    SOURCE_WORDS,
    TITLE_WORDS,
    UNIT_WORDS,
    UNITS,
    WITHHELD_WORDS,
    Unit,
)
from review_app.translation import Translate
from storage import annotations, cycles, measuring, recordings
from storage.codebooks.model import id_in
from storage.errors import NotFound, StorageError
from storage.home import Home
from storage.media import document_of, shown_text
from storage.records import BlobRole, Recording, Side
from storage.site_codebooks import CONVERSATION

_MOST_EARLIER: Final = 5
_HUNDREDFOLD: Final = {Unit.PERCENT, Unit.POINTS}
_PATTERNS: Final = {
    Unit.PERCENT: "0",
    Unit.POINTS: "0.0",
    Unit.SECONDS: "0.0",
    Unit.PER_MINUTE: "0",
    Unit.PER_QUESTION: "0.0",
    Unit.PER_THOUSAND: "0",
}

_Earlier = tuple[Recording, dict[str, Mapping[str, Any]]]
"""A conversation and its figures by measure."""


def measures_shown(home: Home, access: Access, *, say: Translate) -> dict[str, Any]:
    """Return a conversation's figures as the page shows them.

    ``fresh`` tells whether they fit the text and the marks as they are now; where they do not,
    the page asks for them to be counted again.
    """
    counted = counted_of(home, access)
    if counted is None:
        return {"fresh": False, "quality": None, "unjudged": 0, "figures": []}
    earlier = list(_earlier(home, access))
    language = access.user.language
    return {
        "fresh": counted["made_from"] == _fingerprint(access),
        "quality": {
            "words": counted["quality"]["words"],
            "doubtful_words": _percent(counted["quality"]["doubtful_words"], language),
            "doubtful_speakers": _percent(counted["quality"]["doubtful_speakers"], language),
            "speaker_confidence": _percent(counted["quality"]["speaker_confidence"], language),
        },
        "unjudged": counted["unjudged"] if _sees_marks(access) else 0,
        "figures": [
            _figure(_for_reader(figure, access), earlier=earlier, language=language, say=say)
            for figure in counted["figures"]
        ],
    }


def counted_of(home: Home, access: Access) -> dict[str, Any] | None:
    """Return what was counted of a recording last, or None if nothing was."""
    try:
        found: dict[str, Any] = document_of(home, access.tx, access.permit, BlobRole.MEASURES)
    except NotFound:
        return None
    return found


def _fingerprint(access: Access) -> str:
    """Return what figures counted now would be made from; nothing where there is no text."""
    tx, permit = access.tx, access.permit
    try:
        text = shown_text(tx, permit)
    except NotFound:
        return ""
    return measuring.fingerprint(
        (tag for tag in annotations.tags_of(tx, permit) if id_in(tag.codebook) == CONVERSATION),
        text=text,
        compared=[coding for coding, _ in measuring.finished_by_both(tx, permit)],
    )


def _sees_marks(access: Access) -> bool:
    """Return whether marks are open to the reader: the caseworker sees them once released."""
    if access.side is Side.SUPERVISOR:
        return True
    return cycles.cycle_of(access.tx, access.id).released_at is not None


def _for_reader(figure: Mapping[str, Any], access: Access) -> Mapping[str, Any]:
    """Return a figure without what the reader may not see yet."""
    if not figure["from_marks"] or _sees_marks(access):
        return figure
    return {**figure, "range": None, "n": 0, "withheld": "after_release", "moments": []}


def _earlier(
    home: Home, access: Access
) -> Iterator[tuple[Recording, dict[str, Mapping[str, Any]]]]:
    """Yield the same caseworker's earlier conversations that are open now, the latest first."""
    here = access.recording
    before = (
        each
        for each in recordings.recordings_of(access.tx, course=here.course)
        if each.owner == here.owner and each.recorded_at < here.recorded_at
    )
    latest_first = sorted(before, key=lambda each: each.recorded_at, reverse=True)
    for recording in latest_first[:_MOST_EARLIER]:
        try:
            opened = access_to(access.tx, access.user, recording.id)
            counted = counted_of(home, opened)
        except (ReviewError, ConsentError, StorageError):
            continue  # it is closed, or gone
        if counted is not None:
            opened.note_in_audit("figures_compared", recording=here.id)
            figures = (_for_reader(each, opened) for each in counted["figures"])
            yield recording, {each["measure"]: each for each in figures}


def _figure(
    figure: Mapping[str, Any],
    *,
    earlier: list[_Earlier],
    language: str,
    say: Translate,
) -> dict[str, Any]:
    name, found = figure["measure"], figure["range"]
    n, needed = figure["n"], figure["needed"]
    withheld = figure["withheld"]
    return {
        "measure": name,
        "title": say(TITLE_WORDS[name]),
        "value": _value(name, found, language=language, say=say),
        "between": _between(name, found, language=language, say=say),
        "count": say(COUNT_WORDS[name]).format(n=n),
        "withheld": withheld and say(WITHHELD_WORDS[withheld]).format(n=n, needed=needed),
        "formula": say(FORMULA_WORDS[name]),
        "source": say(SOURCE_WORDS[name]),
        "caveat": say(CAVEAT_WORDS[name]),
        "moments": figure["moments"],
        "earlier": [
            {
                "number": recording.number,
                "value": _value(name, figures[name]["range"], language=language, say=say),
                "between": _between(name, figures[name]["range"], language=language, say=say),
            }
            for recording, figures in earlier
            if name in figures and figures[name]["range"] is not None
        ],
    }


def _value(
    name: str, found: Mapping[str, float] | None, *, language: str, say: Translate
) -> str | None:
    if found is None:
        return None
    unit = UNITS[name]
    return say(UNIT_WORDS[unit]).format(value=_number(found["value"], unit, language=language))


def _between(
    name: str, found: Mapping[str, float] | None, *, language: str, say: Translate
) -> str | None:
    if found is None:
        return None
    low, high = (_number(found[end], UNITS[name], language=language) for end in ("low", "high"))
    return say("between {low} and {high}").format(low=low, high=high)


def _number(value: float, unit: Unit, *, language: str) -> str:
    times = 100 if unit in _HUNDREDFOLD else 1
    return format_decimal(value * times, format=_PATTERNS[unit], locale=language)


def _percent(share: float, language: str) -> str:
    return _number(share, Unit.PERCENT, language=language)
