"""What judged suggestions teach: the traits of their turns, sealed with the recording's own key.

Nothing is added up over recordings here. Whoever learns reads each recording's lessons with a
permit of that moment, so nothing learned outlives a consent. The verdict itself stands at the tag.
"""

from collections.abc import Mapping

from sqlmodel import col, delete, func, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.annotations import tags_of
from storage.records import Lesson, Origin, Tag, TagId, Verdict
from storage.tables import DeletionRow, LessonRow, TagRow
from storage.transaction import Transaction

_JUDGED = frozenset({Verdict.CONFIRMED, Verdict.DISMISSED})


def unlearned(tx: Transaction, permit: Permit, *, layout: str) -> tuple[Tag, ...]:
    """Return the suggestions that somebody has judged and that have not taught anything yet.

    What was learned in another layout of traits is learned again; what was forgotten is not.
    """
    query = select(LessonRow).where(LessonRow.recording == permit.recording)
    over = {
        row.tag
        for row in tx.session.exec(query)
        if row.layout == layout or row.sealed_traits is None
    }
    return tuple(
        tag
        for tag in tags_of(tx, permit)
        if tag.origin is Origin.MACHINE and tag.verdict in _JUDGED and tag.id not in over
    )


def keep_lessons(
    tx: Transaction, permit: Permit, traits: Mapping[TagId, bytes], *, layout: str
) -> None:
    """Keep what suggestions teach, and let go of those whose verdict was taken back."""
    still_judged = select(TagRow.id).where(
        TagRow.recording == permit.recording, col(TagRow.verdict).in_(_JUDGED)
    )
    tx.session.exec(
        delete(LessonRow).where(
            col(LessonRow.recording) == permit.recording,
            col(LessonRow.tag).not_in(still_judged),
        )
    )
    for tag, packed in traits.items():
        known = tx.session.get(LessonRow, tag)
        if known is not None and known.sealed_traits is None:
            continue  # forgotten while this was being learned
        row = LessonRow(
            tag=tag,
            recording=permit.recording,
            layout=layout,
            made_at=tx.at,
            sealed_traits=tx.seal(packed, recording=permit.recording, place=_place(tag)),
        )
        tx.session.merge(row)
    tx.session.flush()


def teaching(tx: Transaction, *, layout: str) -> tuple[RecordingId, ...]:
    """Return the recordings that something was learned from; each needs a permit to be read."""
    query = select(LessonRow.recording).where(
        LessonRow.layout == layout, col(LessonRow.sealed_traits).is_not(None)
    )
    found = tx.session.exec(query.distinct().order_by(col(LessonRow.recording)))
    return tuple(map(RecordingId, found))


def lessons_of(tx: Transaction, permit: Permit, *, layout: str) -> tuple[Lesson, ...]:
    """Return what one recording teaches, with the verdicts as they are now.

    Raises:
        KeyDestroyed: The recording has been erased.
    """
    query = (
        select(TagRow, LessonRow)
        .join(LessonRow, col(LessonRow.tag) == TagRow.id)
        .where(
            LessonRow.recording == permit.recording,
            LessonRow.layout == layout,
            col(TagRow.verdict).in_(_JUDGED),
        )
        .order_by(col(LessonRow.tag))
    )
    return tuple(
        Lesson(
            codebook=tag.codebook,
            code=tag.code,
            accepted=tag.verdict == Verdict.CONFIRMED,
            traits=tx.unseal_bytes(
                row.sealed_traits, recording=permit.recording, place=_place(row.tag)
            ),
        )
        for tag, row in tx.session.exec(query)
        if row.sealed_traits is not None
    )


def lesson_counts(tx: Transaction) -> tuple[int, int]:
    """Return how many lessons there are, of how many recordings. Numbers only."""
    query = select(func.count(), func.count(col(LessonRow.recording).distinct()))
    return tx.session.exec(query.where(col(LessonRow.sealed_traits).is_not(None))).one()


def forget_all(tx: Transaction) -> int:
    """Forget all that was learned, for good, and return how much that was.

    What has been judged until now teaches nothing any more, learned from or not; what is judged
    from now on does.
    """
    count, _ = lesson_counts(tx)
    for row in tx.session.exec(select(LessonRow)):
        row.sealed_traits = None
    known = select(LessonRow.tag)
    query = select(TagRow.id, TagRow.recording).where(
        TagRow.origin == Origin.MACHINE,
        col(TagRow.verdict).in_(_JUDGED),
        col(TagRow.id).not_in(known),
        col(TagRow.recording).not_in(select(DeletionRow.recording)),
    )
    tx.session.add_all(
        LessonRow(tag=tag, recording=recording, layout="", made_at=tx.at)
        for tag, recording in tx.session.exec(query)
    )
    tx.session.flush()
    return count


def _place(tag: str) -> str:
    return f"lessons/{tag}"
