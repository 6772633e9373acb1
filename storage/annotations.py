"""Marks on the film: codebook tags, chosen sequences. Phases are in phases.py, notes in notes.py.

What a machine suggests and what a person says are kept apart: a new run replaces suggestions
that nobody has judged, and never touches or repeats the others.
"""

import json
from collections import Counter
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, func, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.codebooks.model import id_in
from storage.errors import Conflict
from storage.identity import new_id
from storage.records import (
    CourseId,
    Origin,
    Sequence,
    SequenceId,
    SequenceKind,
    Tag,
    TagId,
    UserId,
    Verdict,
)
from storage.tables import RecordingRow, SequenceRow, TagRow
from storage.transaction import Transaction


def renew_suggestions(tx: Transaction, recording: RecordingId, tags: Iterable[Tag]) -> None:
    """Put a run's tags in place of earlier suggestions that nobody has judged.

    What a person has set, confirmed or dismissed stays, and the same is not suggested again.
    """
    tx.session.exec(
        delete(TagRow).where(
            col(TagRow.recording) == recording,
            col(TagRow.origin) == Origin.MACHINE,
            col(TagRow.verdict) == Verdict.SUGGESTED,
        )
    )
    known = {_same_tag(row) for row in _tag_rows(tx, recording)}
    marks = [_tag_row(tag) for tag in tags]
    tx.session.add_all(row for row in marks if _same_tag(row) not in known)
    tx.session.flush()


def tags_of(tx: Transaction, permit: Permit) -> tuple[Tag, ...]:
    """Return the tags, dismissed ones too, by time."""
    rows = _tag_rows(tx, permit.recording)
    return tuple(sorted(map(_tag, rows), key=lambda t: (t.start_ms, t.end_ms, t.id)))


def judged_recordings(tx: Transaction, course: CourseId) -> tuple[RecordingId, ...]:
    """Return the recordings of a course in which a machine's tag was confirmed or dismissed."""
    query = (
        select(TagRow.recording)
        .join(RecordingRow, col(RecordingRow.id) == TagRow.recording)
        .where(
            RecordingRow.course == course,
            TagRow.origin == Origin.MACHINE,
            TagRow.verdict != Verdict.SUGGESTED,
        )
    )
    return tuple(map(RecordingId, tx.session.exec(query.distinct())))


def verdicts_on(tx: Transaction, permit: Permit) -> Counter[tuple[str, str, Verdict]]:
    """Return how often a machine's tags of a codebook, whatever its edition, were judged."""
    kinds = (TagRow.codebook, TagRow.code, TagRow.verdict)
    query = select(*kinds, func.count()).where(
        TagRow.recording == permit.recording,
        TagRow.origin == Origin.MACHINE,
        TagRow.verdict != Verdict.SUGGESTED,
    )
    verdicts: Counter[tuple[str, str, Verdict]] = Counter()
    for book, code, said, count in tx.session.exec(query.group_by(*map(col, kinds))):
        verdicts[id_in(book), code, Verdict(said)] += count
    return verdicts


def add_tag(
    tx: Transaction,
    recording: RecordingId,
    *,
    codebook: str,
    code: str,
    start_ms: int,
    end_ms: int,
    by: UserId,
    modifier: str = "",
    id_: TagId | None = None,
) -> Tag:
    """Set a person's own tag; an undo brings one back under its old id.

    Raises:
        Conflict: There is a tag of this id.
    """
    row = TagRow(
        id=id_ or new_id(),
        recording=recording,
        codebook=codebook,
        code=code,
        start_ms=start_ms,
        end_ms=end_ms,
        origin=Origin.PERSON,
        verdict=Verdict.CONFIRMED,
        confidence=1.0,
        by=by,
        modifier=modifier,
    )
    _insert(tx, row)
    return _tag(row)


def judge_tag(tx: Transaction, id_: TagId, *, verdict: Verdict, by: UserId) -> Tag:
    """Confirm or dismiss a tag.

    Raises:
        NotFound: There is no such tag.
    """
    row = tx.row(TagRow, id_)
    row.verdict = verdict
    row.by = by
    return _tag(row)


def modify_tag(tx: Transaction, id_: TagId, *, modifier: str) -> Tag:
    """Say what tells a tag apart from others of its kind; empty takes that back.

    Raises:
        NotFound: There is no such tag.
    """
    row = tx.row(TagRow, id_)
    row.modifier = modifier
    return _tag(row)


def remove_tag(tx: Transaction, id_: TagId, *, by: UserId) -> Tag:
    """Take a tag away and return it. A machine's is dismissed, lest the next run repeat it.

    Raises:
        NotFound: There is no such tag.
    """
    row = tx.row(TagRow, id_)
    if Origin(row.origin) is Origin.MACHINE:
        return judge_tag(tx, id_, verdict=Verdict.DISMISSED, by=by)
    tx.session.delete(row)
    tx.session.flush()
    return _tag(row)


def sequences_of(tx: Transaction, permit: Permit) -> tuple[Sequence, ...]:
    """Return the sequences in the order of the meeting."""
    return _sequences(tx, permit.recording)


def add_sequence(tx: Transaction, sequence: Sequence) -> Sequence:
    """Choose a sequence, at its place in the order, or last if that is 0.

    Raises:
        Conflict: There is a sequence of this id.
    """
    others = _in_order(tx, sequence.recording)
    place = sequence.order - 1 if 0 < sequence.order <= len(others) else len(others)
    row = SequenceRow(
        id=sequence.id,
        recording=sequence.recording,
        start_ms=0,
        end_ms=0,
        order=0,
        kind=sequence.kind,
        context_ms=0,
        by=sequence.by,
        sealed_text=b"",
    )
    _write_sequence(tx, row, sequence)
    _insert(tx, row)
    _number([*others[:place], row, *others[place:]])
    tx.session.flush()
    return _sequence(tx, row)


def change_sequence(tx: Transaction, sequence: Sequence) -> Sequence:
    """Write a sequence anew; its place in the order and who chose it stay.

    Raises:
        NotFound: There is no such sequence.
    """
    row = tx.row(SequenceRow, sequence.id)
    _write_sequence(tx, row, sequence)
    tx.session.flush()
    return _sequence(tx, row)


def remove_sequence(tx: Transaction, id_: SequenceId) -> Sequence:
    """Take a sequence away and return it; added again as it is, it has its answer back.

    Raises:
        NotFound: There is no such sequence.
    """
    row = tx.row(SequenceRow, id_)
    removed = _sequence(tx, row)
    rest = [other for other in _in_order(tx, removed.recording) if other.id != id_]
    tx.session.delete(row)
    _number(rest)
    tx.session.flush()
    return removed


def reorder_sequences(
    tx: Transaction, recording: RecordingId, *, ids: Iterable[SequenceId]
) -> tuple[Sequence, ...]:
    """Put all sequences in a new order.

    Raises:
        Conflict: These are not the sequences that there are; ``stored`` holds those.
    """
    rows = {SequenceId(row.id): row for row in _in_order(tx, recording)}
    wanted = list(ids)
    if sorted(wanted) != sorted(rows):
        raise Conflict(f"sequences of recording {recording}", stored=_sequences(tx, recording))
    _number([rows[id_] for id_ in wanted])
    tx.session.flush()
    return _sequences(tx, recording)


def _insert(tx: Transaction, row: TagRow | SequenceRow) -> None:
    """Add a row whose id may come from a page."""
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        raise Conflict(f"{row.__tablename__} {row.id}") from None


def _tag_rows(tx: Transaction, recording: RecordingId) -> list[TagRow]:
    return list(tx.session.exec(select(TagRow).where(TagRow.recording == recording)))


def _same_tag(row: TagRow) -> tuple[object, ...]:
    """Return what makes two tags the same, whichever edition of the codebook gave them."""
    return id_in(row.codebook), row.code, row.start_ms, row.end_ms


def _in_order(tx: Transaction, recording: RecordingId) -> list[SequenceRow]:
    """Return the rows for changing their order, which two may not do at once."""
    tx.row(RecordingRow, recording, lock=True)
    query = select(SequenceRow).where(SequenceRow.recording == recording)
    return list(tx.session.exec(query.order_by(col(SequenceRow.order), col(SequenceRow.id))))


def _number(rows: Iterable[SequenceRow]) -> None:
    for place, row in enumerate(rows, start=1):
        row.order = place


def _sequences(tx: Transaction, recording: RecordingId) -> tuple[Sequence, ...]:
    query = select(SequenceRow).where(SequenceRow.recording == recording)
    rows = tx.session.exec(query.order_by(col(SequenceRow.order), col(SequenceRow.id)))
    return tuple(_sequence(tx, row) for row in rows)


def _write_sequence(tx: Transaction, row: SequenceRow, sequence: Sequence) -> None:
    row.start_ms = sequence.start_ms
    row.end_ms = sequence.end_ms
    row.kind = sequence.kind
    row.context_ms = sequence.context_ms
    words = {
        "title": sequence.title,
        "keywords": sequence.keywords,
        "prompt": sequence.prompt,
    }
    row.sealed_text = tx.seal(
        json.dumps(words), recording=RecordingId(row.recording), place=f"sequences/{row.id}"
    )


def _sequence(tx: Transaction, row: SequenceRow) -> Sequence:
    recording = RecordingId(row.recording)
    words = json.loads(tx.unseal(row.sealed_text, recording=recording, place=f"sequences/{row.id}"))
    return Sequence(
        id=SequenceId(row.id),
        recording=recording,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        order=row.order,
        title=words["title"],
        kind=SequenceKind(row.kind),
        keywords=tuple(words["keywords"]),
        prompt=words["prompt"],
        context_ms=row.context_ms,
        by=UserId(row.by) if row.by else None,
    )


def _tag_row(tag: Tag) -> TagRow:
    return TagRow(
        id=tag.id,
        recording=tag.recording,
        codebook=tag.codebook,
        code=tag.code,
        start_ms=tag.start_ms,
        end_ms=tag.end_ms,
        origin=tag.origin,
        verdict=tag.verdict,
        confidence=tag.confidence,
        reason=tag.reason,
        by=tag.by,
        modifier=tag.modifier,
    )


def _tag(row: TagRow) -> Tag:
    return Tag(
        id=TagId(row.id),
        recording=RecordingId(row.recording),
        codebook=row.codebook,
        code=row.code,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        origin=Origin(row.origin),
        verdict=Verdict(row.verdict),
        confidence=row.confidence,
        reason=row.reason,
        by=UserId(row.by) if row.by else None,
        modifier=row.modifier,
    )
