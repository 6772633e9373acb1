"""Intents on the timeline: sequences, keywords, suggested phases."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field

from review_app.commands.access import Access, codebook_at_hand
from review_app.commands.arguments import (
    FieldName,
    OnePhase,
    OneSegment,
    OneSequence,
    OneTag,
    Place,
)
from review_app.errors import BadRequest, Denied
from storage import annotations, requests, site_codebooks
from storage import phases as segments
from storage.codebooks.model import id_in
from storage.errors import NotFound
from storage.identity import new_id
from storage.records import (
    Origin,
    RequestKind,
    Segment,
    SegmentId,
    Sequence,
    SequenceId,
    SequenceKind,
    Side,
    Tag,
    TagId,
    Verdict,
)

_LONGEST_CONTEXT_MS = 60_000
_MOST_PHASES = 500


def add_sequence(
    access: Access,
    *,
    start_ms: Place,
    end_ms: Place,
    kind: SequenceKind,
    title: str = "",
    keywords: tuple[str, ...] = (),
    prompt: str = "",
    context_ms: int = 5_000,
    id: OneSequence | None = None,  # noqa: A002 - the page's own word
) -> SequenceId:
    """Mark a stretch for the meeting; an undo brings back its old id."""
    _check_stretch(access, start_ms=start_ms, end_ms=end_ms)
    chosen = annotations.sequences_of(access.tx, access.permit)
    sequence = Sequence(
        id=id or SequenceId(new_id()),
        recording=access.id,
        start_ms=start_ms,
        end_ms=end_ms,
        order=len(chosen) + 1,
        title=title,
        kind=kind,
        keywords=keywords,
        prompt=prompt,
        context_ms=min(max(context_ms, 0), _LONGEST_CONTEXT_MS),
        by=access.user.id,
    )
    annotations.add_sequence(access.tx, sequence)
    access.note_in_audit("sequence_added", sequence=sequence.id)
    return sequence.id


def change_sequence(
    access: Access,
    *,
    id: OneSequence,  # noqa: A002 - the page's own word
    start_ms: Place,
    end_ms: Place,
    kind: SequenceKind,
    title: str,
    keywords: tuple[str, ...],
    prompt: str,
    context_ms: int,
) -> None:
    """Change a sequence as a whole, so that an undo is the same intent with the old values."""
    _check_stretch(access, start_ms=start_ms, end_ms=end_ms)
    old = _own_sequence(access, id)
    annotations.change_sequence(
        access.tx,
        Sequence(
            id=id,
            recording=access.id,
            start_ms=start_ms,
            end_ms=end_ms,
            order=old.order,
            title=title,
            kind=kind,
            keywords=keywords,
            prompt=prompt,
            context_ms=min(max(context_ms, 0), _LONGEST_CONTEXT_MS),
            by=old.by,
        ),
    )
    access.note_in_audit("sequence_changed", sequence=id)


def remove_sequence(access: Access, *, id: OneSequence) -> None:  # noqa: A002 - the page's own word
    """Take a sequence off the meeting."""
    _own_sequence(access, id)
    annotations.remove_sequence(access.tx, id)
    access.note_in_audit("sequence_removed", sequence=id)


def reorder_sequences(access: Access, *, ids: tuple[OneSequence, ...]) -> None:
    """Put the meeting's sequences in a new order.

    Raises:
        BadRequest: The ids are not exactly the recording's sequences.
    """
    _check_supervisor(access)
    if {s.id for s in annotations.sequences_of(access.tx, access.permit)} != set(ids):
        raise BadRequest
    annotations.reorder_sequences(access.tx, access.id, ids=ids)
    access.note_in_audit("sequences_reordered", count=len(ids))


def add_tag(
    access: Access,
    *,
    code: str,
    start_ms: Place,
    end_ms: Place,
    book: FieldName = site_codebooks.CONVERSATION,
    modifier: FieldName | None = None,
    id: OneTag | None = None,  # noqa: A002 - the page's own word
) -> TagId:
    """Set a keyword of one of the course's codebooks at a point or a stretch."""
    codebook = codebook_at_hand(access, book)
    modifiers = {tag.code: tag.modifiers for tag in codebook.in_use}
    if start_ms > end_ms or code not in modifiers:
        raise BadRequest
    if modifier is not None and modifier not in modifiers[code]:
        raise BadRequest
    tag = annotations.add_tag(
        access.tx,
        access.id,
        codebook=codebook.name,
        code=code,
        start_ms=start_ms,
        end_ms=end_ms,
        by=access.user.id,
        modifier=modifier or "",
        id_=id,
    )
    access.note_in_audit("tag_added", code=code)
    return tag.id


def remove_tag(access: Access, *, id: OneTag) -> None:  # noqa: A002 - the page's own word
    """Remove a keyword that a person has set."""
    removed = annotations.remove_tag(access.tx, id, by=access.user.id)
    _check_here(access, removed)
    _let_learn(access, removed)
    access.note_in_audit("tag_removed", tag=id)


def modify_tag(access: Access, *, id: OneTag, modifier: FieldName | None = None) -> None:  # noqa: A002 - the page's own word
    """Say what tells a keyword apart from others of its kind, or take that back.

    Raises:
        BadRequest: The keyword has no such modifier.
    """
    modified = annotations.modify_tag(access.tx, id, modifier=modifier or "")
    _check_here(access, modified)
    known = codebook_at_hand(access, id_in(modified.codebook)).tag(modified.code)
    if modifier is not None and (known is None or modifier not in known.modifiers):
        raise BadRequest
    access.note_in_audit("tag_modified", tag=id)


def judge_tag(access: Access, *, id: OneTag, verdict: Verdict) -> None:  # noqa: A002 - the page's own word
    """Confirm or dismiss a suggested keyword, or take the verdict back."""
    judged = annotations.judge_tag(access.tx, id, verdict=verdict, by=access.user.id)
    _check_here(access, judged)
    _let_learn(access, judged)
    access.note_in_audit("tag_judged", tag=id, verdict=verdict)


def judge_segment(access: Access, *, id: OneSegment, verdict: Verdict) -> None:  # noqa: A002 - the page's own word
    """Confirm or dismiss a suggested phase, or take the verdict back."""
    judged = segments.judge_segment(access.tx, id, verdict=verdict)
    _check_here(access, judged)
    access.note_in_audit("segment_judged", segment=id, verdict=verdict)


def arrange_phases(
    access: Access, *, phases: Annotated[tuple[OnePhase, ...], Field(max_length=_MOST_PHASES)]
) -> list[SegmentId]:
    """Move, name, split or join phases: these are all, in order of time. Returns their ids.

    The whole is sent, so that an undo is the same intent with what was before.
    """
    _check_supervisor(access)
    for phase in phases:
        _check_stretch(access, start_ms=phase.start_ms, end_ms=phase.end_ms)
    if any(after.start_ms < before.end_ms for before, after in pairwise(phases)):
        raise BadRequest
    wanted = [
        Segment(
            id=phase.id or SegmentId(new_id()),
            recording=access.id,
            start_ms=phase.start_ms,
            end_ms=phase.end_ms,
            phase=phase.phase,
            verdict=phase.verdict,
        )
        for phase in phases
    ]
    segments.arrange_segments(access.tx, access.id, wanted)
    access.note_in_audit("phases_arranged", count=len(wanted))
    return [each.id for each in wanted]


def _let_learn(access: Access, judged: Tag) -> None:
    """Ask the workers to learn from a verdict on a suggestion, or to let go of what it taught."""
    if judged.origin is Origin.MACHINE:
        requests.ask(access.tx, RequestKind.LEARN, access.id)


def _check_stretch(access: Access, *, start_ms: int, end_ms: int) -> None:
    longest = access.recording.duration_ms
    if start_ms >= end_ms or (longest is not None and start_ms >= longest):
        raise BadRequest


def _check_here(access: Access, mark: Segment | Tag) -> None:
    """Undo the transaction if the mark is another recording's: it looks the same as none."""
    if mark.recording != access.id:
        raise NotFound


def _check_supervisor(access: Access) -> None:
    if access.side is not Side.SUPERVISOR:
        raise Denied


def _own_sequence(access: Access, wanted: SequenceId) -> Sequence:
    for sequence in annotations.sequences_of(access.tx, access.permit):
        if sequence.id == wanted:
            if access.side is not Side.SUPERVISOR and sequence.by != access.user.id:
                raise Denied
            return sequence
    raise BadRequest
