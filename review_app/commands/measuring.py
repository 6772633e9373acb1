"""Intents about figures: to have them counted, and to mark a stretch each on one's own."""

from typing import Annotated, Final

from pydantic import Field

from review_app.commands.access import Access, codebook_at_hand
from review_app.commands.arguments import LONGEST_FILM_MS, FieldName, OneCoding, Place
from review_app.errors import BadRequest, Denied
from review_app.supervision.coding import are_done
from storage import codings, requests, site_codebooks
from storage.errors import NotFound
from storage.media import shown_text
from storage.records import Coding, CodingId, RequestKind

_MOST_MARKS: Final = 20_000
Marks = Annotated[
    tuple[tuple[Annotated[int, Field(ge=0, le=LONGEST_FILM_MS)], FieldName], ...],
    Field(max_length=_MOST_MARKS),
]


def count_figures(access: Access) -> None:
    """Ask a worker to count the figures as text and marks are now."""
    requests.ask(access.tx, RequestKind.MEASURE, access.id)
    access.note_in_audit("figures_asked")


def begin_coding(
    access: Access,
    *,
    start_ms: Place,
    end_ms: Place,
    codes: tuple[FieldName, ...],
    book: FieldName = site_codebooks.CONVERSATION,
) -> CodingId:
    """Choose a stretch and the keywords of one codebook that both look for in it.

    Raises:
        BadRequest: The stretch is empty, or a keyword is not in the codebook.
        NotFound: There is no text to mark yet.
    """
    codebook = codebook_at_hand(access, book)
    known = {tag.code for tag in codebook.in_use}
    if start_ms >= end_ms or not codes or not known.issuperset(codes):
        raise BadRequest
    version, revision = shown_text(access.tx, access.permit)
    coding = codings.begin_coding(
        access.tx,
        access.id,
        codebook=codebook.name,
        codes=dict.fromkeys(codes),
        text_version=version,
        text_revision=revision,
        start_ms=start_ms,
        end_ms=end_ms,
        by=access.user.id,
    )
    access.note_in_audit("coding_begun", coding=coding.id)
    return coding.id


def mark_turns(access: Access, *, id: OneCoding, marks: Marks) -> None:  # noqa: A002 - the page's own word
    """Keep what this person has marked so far, in place of what they had before.

    Raises:
        BadRequest: A mark has a keyword that is not looked for here.
        CodingFinished: They have said that they are done.
    """
    coding = _coding(access, id)
    if not {code for _, code in marks} <= set(coding.codes):
        raise BadRequest
    codings.mark(access.tx, coding, by=access.user.id, marks=set(marks))


def finish_coding(access: Access, *, id: OneCoding) -> None:  # noqa: A002 - the page's own word
    """Say that one is done; when both are, the two are compared.

    Raises:
        CodingFinished: They have said so before.
    """
    coding = _coding(access, id)
    codings.finish(access.tx, coding, by=access.user.id)
    access.note_in_audit("coding_finished", coding=coding.id)
    if _are_done(access, coding):
        requests.ask(access.tx, RequestKind.MEASURE, access.id)


def drop_coding(access: Access, *, id: OneCoding) -> None:  # noqa: A002 - the page's own word
    """Take back a stretch that one has chosen, as long as not both have finished it.

    Raises:
        Denied: The other has chosen it, or both have finished.
    """
    coding = _coding(access, id)
    if coding.begun_by != access.user.id or _are_done(access, coding):
        raise Denied
    codings.drop_coding(access.tx, coding.id)
    access.note_in_audit("coding_dropped", coding=coding.id)


def _coding(access: Access, wanted: CodingId) -> Coding:
    for coding in codings.codings_of(access.tx, access.permit):
        if coding.id == wanted:
            return coding
    raise NotFound


def _are_done(access: Access, coding: Coding) -> bool:
    sheets = codings.sheets_of(access.tx, access.permit)
    return are_done([sheet for sheet in sheets if sheet.coding == coding.id])
