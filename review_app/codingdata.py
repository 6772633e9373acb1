"""What the page shows on which two people mark the same stretch, each on their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from review_app.commands.access import Access
from review_app.measuredata import counted_of
from review_app.supervision.coding import are_done, may_see_marks
from storage import accounts, codings, recordings, site_codebooks
from storage.codebooks.model import TagDefinition
from storage.errors import NotFound
from storage.home import Home
from storage.measuring import turns_to_mark
from storage.media import marked_text, shown_text
from storage.records import BlobRole, Coding, CodingSheet, Side


def codings_shown(home: Home, access: Access) -> dict[str, Any]:
    """Return the stretches of a recording with what this person may see of them."""
    tx, permit, me = access.tx, access.permit, access.user
    language = me.language
    text = _text(access)
    sheets = codings.sheets_of(tx, permit)
    counted = counted_of(home, access) or {"agreement": {}}
    supervisor = access.side is Side.SUPERVISOR
    other = access.course.caseworker if supervisor else access.course.supervisor
    return {
        "recording": {
            "number": access.recording.number,
            "youth_letter": access.recording.youth_letter,
            "duration_ms": access.recording.duration_ms,
            "has_video": bool(recordings.blobs_of(tx, access.id, BlobRole.PROXY)),
        },
        "me": {"id": me.id, "name": me.name},
        "other": {"id": other, "name": accounts.user(tx, other).name},
        "has_text": text is not None,
        "books": [
            {
                "id": book.id,
                "title": book.title(language),
                "codes": _words(book.in_use, language=language),
            }
            for book in site_codebooks.codebooks_of(tx, access.course.package)
        ],
        "codings": [
            _coding(
                home,
                access,
                coding,
                sheets=[sheet for sheet in sheets if sheet.coding == coding.id],
                figures=counted["agreement"].get(coding.id),
                text=text,
            )
            for coding in codings.codings_of(tx, permit)
        ],
    }


def _coding(
    home: Home,
    access: Access,
    coding: Coding,
    *,
    sheets: Sequence[CodingSheet],
    figures: dict[str, Any] | None,
    text: tuple[int, int] | None,
) -> dict[str, Any]:
    me = access.user.id
    codebook = site_codebooks.codebook_named(access.tx, coding.codebook)
    mine = next((sheet for sheet in sheets if sheet.by == me), None)
    theirs = next((sheet for sheet in sheets if sheet.by != me), None)
    seen = theirs is not None and may_see_marks(me, sheet=theirs, sheets=sheets)
    return {
        "id": coding.id,
        "start_ms": coding.start_ms,
        "end_ms": coding.end_ms,
        "begun_at": coding.begun_at,
        "codes": _words(
            (tag for tag in codebook.tags if tag.code in coding.codes),
            language=access.user.language,
        ),
        "corrected_since": text != (coding.text_version, coding.text_revision),
        "may_drop": coding.begun_by == me and not are_done(sheets),
        "turns": [
            {
                "index": turn.index,
                "start_ms": turn.start_ms,
                "end_ms": turn.end_ms,
                "speaker": turn.speaker,
                "text": turn.text,
            }
            for turn in turns_to_mark(coding, marked_text(home, access.tx, access.permit, coding))
        ],
        "mine": sorted(mine.marks) if mine else [],
        "finished": mine is not None and mine.finished_at is not None,
        "other_finished": theirs is not None and theirs.finished_at is not None,
        "theirs": sorted(theirs.marks) if theirs is not None and seen else None,
        "figures": figures if are_done(sheets) else None,
    }


def _words(tags: Iterable[TagDefinition], *, language: str) -> list[dict[str, Any]]:
    """Return keywords as they are read while one marks."""
    return [
        {
            "code": tag.code,
            "label": text.short,
            "description": text.description,
            "counts": text.counts,
            "does_not_count": text.does_not_count,
            "examples": [each.text for each in text.examples],
            "counterexamples": [each.text for each in text.counterexamples],
        }
        for tag in tags
        for text in [tag.text(language)]
    ]


def _text(access: Access) -> tuple[int, int] | None:
    """Return version and revision of the text as it is now, None where there is none yet."""
    try:
        return shown_text(access.tx, access.permit)
    except NotFound:
        return None
