"""The phases of a conversation: suggested by the machine, and a person's to move, name and join.

What a person has confirmed or arranged stays: a new run fills only what is left beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.errors import Conflict
from storage.identity import new_id
from storage.records import Origin, Segment, SegmentId, Verdict
from storage.tables import RecordingRow, SegmentRow
from storage.transaction import Transaction

_SHORTEST_MS = 3_000
"""What is left of a suggestion beside a person's phase; less is not worth a look."""


def segments_of(tx: Transaction, permit: Permit) -> tuple[Segment, ...]:
    """Return the phases, dismissed ones too, by time."""
    return _by_time(_rows(tx, permit.recording))


def judge_segment(tx: Transaction, id_: SegmentId, *, verdict: Verdict) -> Segment:
    """Confirm or dismiss a phase.

    Raises:
        NotFound: There is no such phase.
    """
    row = tx.row(SegmentRow, id_)
    row.verdict = verdict
    return _segment(row)


def renew_suggestions(tx: Transaction, recording: RecordingId, segments: Iterable[Segment]) -> None:
    """Put a run's phases in place of earlier suggestions, beside what a person has confirmed.

    The same as one that was dismissed is not suggested again.
    """
    tx.session.exec(
        delete(SegmentRow).where(
            col(SegmentRow.recording) == recording,
            col(SegmentRow.origin) == Origin.MACHINE,
            col(SegmentRow.verdict) == Verdict.SUGGESTED,
        )
    )
    judged = _rows(tx, recording)
    dismissed = {_same(row) for row in judged if row.verdict == Verdict.DISMISSED}
    taken = [(row.start_ms, row.end_ms) for row in judged if row.verdict == Verdict.CONFIRMED]
    new = [_row(part) for segment in segments for part in beside(segment, taken)]
    tx.session.add_all(row for row in new if _same(row) not in dismissed)
    tx.session.flush()


def beside(segment: Segment, taken: Iterable[tuple[int, int]]) -> Iterator[Segment]:
    """Yield what a phase leaves beside stretches that are taken, without splinters.

    Args:
        segment: The phase.
        taken: Where each begins and ends, in ms.
    """
    start, id_ = segment.start_ms, segment.id
    for begins, ends in [*sorted(taken), (segment.end_ms, segment.end_ms)]:
        end = min(begins, segment.end_ms)
        whole = (start, end) == (segment.start_ms, segment.end_ms)
        if whole or end - start >= _SHORTEST_MS:
            yield replace(segment, id=id_, start_ms=start, end_ms=end)
            id_ = SegmentId(new_id())
        start = max(start, ends)


def arrange_segments(
    tx: Transaction, recording: RecordingId, segments: Sequence[Segment]
) -> tuple[Segment, ...]:
    """Make these the phases of a recording, as a person wants them.

    One that is new is that person's own. A machine's that is left out is dismissed, and comes back
    under its id; a person's own goes.

    Raises:
        Conflict: A suggestion is gone, as after a new run; ``stored`` holds what there is.
    """
    tx.row(RecordingRow, recording, lock=True)  # two may not do this at once
    known = {row.id: row for row in _rows(tx, recording)}
    for segment in segments:
        row = known.pop(segment.id, None)
        if row is None:
            _add(tx, recording, segment)
            continue
        row.start_ms, row.end_ms, row.phase = segment.start_ms, segment.end_ms, segment.phase
        own = Origin(row.origin) is Origin.PERSON
        row.verdict = Verdict.CONFIRMED if own else segment.verdict
    for row in known.values():
        if Origin(row.origin) is Origin.PERSON:
            tx.session.delete(row)
        else:
            row.verdict = Verdict.DISMISSED
    tx.session.flush()
    return _by_time(_rows(tx, recording))


def _add(tx: Transaction, recording: RecordingId, segment: Segment) -> None:
    if segment.verdict is not Verdict.CONFIRMED:
        raise Conflict(f"phases of recording {recording}", stored=_by_time(_rows(tx, recording)))
    try:
        with tx.session.begin_nested():
            tx.session.add(_row(replace(segment, recording=recording, origin=Origin.PERSON)))
    except IntegrityError:
        raise Conflict(f"phase {segment.id}") from None


def _rows(tx: Transaction, recording: RecordingId) -> list[SegmentRow]:
    return list(tx.session.exec(select(SegmentRow).where(SegmentRow.recording == recording)))


def _by_time(rows: Iterable[SegmentRow]) -> tuple[Segment, ...]:
    return tuple(sorted(map(_segment, rows), key=lambda s: (s.start_ms, s.end_ms, s.id)))


def _same(row: SegmentRow) -> tuple[object, ...]:
    return row.phase, row.start_ms, row.end_ms


def _row(segment: Segment) -> SegmentRow:
    return SegmentRow(
        id=segment.id,
        recording=segment.recording,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        phase=segment.phase,
        reason=segment.reason,
        origin=segment.origin,
        verdict=segment.verdict,
    )


def _segment(row: SegmentRow) -> Segment:
    return Segment(
        id=SegmentId(row.id),
        recording=RecordingId(row.recording),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        phase=row.phase,
        reason=row.reason,
        origin=Origin(row.origin),
        verdict=Verdict(row.verdict),
    )
