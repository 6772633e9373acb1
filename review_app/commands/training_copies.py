"""Training copies: ask for one, and fetch it once. Both need everyone's yes to teaching, now."""

from datetime import timedelta

from consent.errors import ConsentMissing
from consent.gate import Permit
from consent.model import RecordingId
from review_app.commands.access import Access, access_to
from review_app.dates import clock, full_day
from review_app.errors import BadRequest, DownloadsOff, TeachingNotAgreed
from review_app.translation import translator
from review_app.words import USER_ROLE_WORDS
from storage import annotations, requests, training_copies
from storage.errors import NotFound
from storage.home import Home
from storage.records import (
    CopyVoice,
    RequestKind,
    SequenceId,
    TrainingCopy,
    TrainingCopyId,
    TrainingReason,
    User,
)


def ask_for_copy(
    home: Home,
    user: User,
    recording: RecordingId,
    *,
    sequence: SequenceId | None,
    voice: CopyVoice,
    reason: TrainingReason,
) -> TrainingCopy:
    """Ask the workers for a masked copy of a sequence, or of the whole film.

    Raises:
        Denied: The recording is not theirs.
        DownloadsOff: The site allows no copies.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
        TeachingNotAgreed: Likewise, to teaching.
        NotFound: There is no film yet, or no such sequence.
    """
    with home.transaction() as tx:
        access = access_to(tx, user, recording)
        if not home.settings.downloads:
            raise DownloadsOff
        permit = teaching_permit(access, voice=voice)
        made = training_copies.ask(
            tx,
            permit,
            by=user.id,
            reason=reason,
            sequence=sequence,
            span_ms=_span_ms(access, sequence),
            voice=voice,
            mark=_mark(access),
            kept_for=timedelta(days=home.settings.training_copy_days),
        )
        requests.ask(tx, RequestKind.COPY, recording)
        access.note_in_audit("training_copy_asked", copy=made.id, reason=reason, voice=voice)
        return made


def fetch_copy(home: Home, user: User, recording: RecordingId, id_: TrainingCopyId) -> TrainingCopy:
    """Note that a copy leaves, which it does once, and return it.

    Raises:
        Denied: The recording is not theirs.
        DownloadsOff: The site allows no copies.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
        TeachingNotAgreed: Likewise, to teaching.
        NotFound: It is not there to be fetched: unfinished, fetched before, or over.
    """
    with home.transaction() as tx:
        access = access_to(tx, user, recording)
        if not home.settings.downloads:
            raise DownloadsOff
        wanted = copy_of(access, id_)
        teaching_permit(access, voice=wanted.voice)
        fetched = training_copies.mark_fetched(tx, wanted.id)
        access.note_in_audit("exported", what="training", copy=wanted.id, reason=wanted.reason)
        return fetched


def teaching_permit(access: Access, *, voice: CopyVoice) -> Permit:
    """Return the permit to show a copy to others at this moment.

    Raises:
        TeachingNotAgreed: Someone in it has not agreed to that, or no longer agrees.
    """
    try:
        return training_copies.teaching_permit(access.tx, access.id, voice=voice)
    except ConsentMissing:
        raise TeachingNotAgreed from None


def copy_of(access: Access, id_: TrainingCopyId) -> TrainingCopy:
    """Return a copy of this recording that this person has asked for.

    Raises:
        NotFound: There is none.
    """
    for each in training_copies.copies_of(access.tx, access.id):
        if each.id == id_ and each.asked_by == access.user.id:
            return each
    raise NotFound(f"training copy of recording {access.id}")


def _span_ms(access: Access, sequence: SequenceId | None) -> tuple[int, int]:
    length_ms = access.recording.duration_ms
    if length_ms is None:
        raise NotFound(f"film of recording {access.id}")
    if sequence is None:
        return 0, length_ms
    for each in annotations.sequences_of(access.tx, access.permit):
        if each.id == sequence:
            span = each.start_ms, min(each.end_ms, length_ms)
            if span[0] >= span[1]:
                raise BadRequest
            return span
    raise NotFound(f"sequence of recording {access.id}")


def _mark(access: Access) -> str:
    """Return what is burnt in: who took the copy out, and when, in their language."""
    user = access.user
    say = translator(user.language)
    at = access.tx.at
    when = f"{full_day(at, language=user.language)}, {clock(at, language=user.language)}"
    role = say(USER_ROLE_WORDS[user.role]).lower()
    return say("{name}, {role} · {when} · only for teaching").format(
        name=user.name, role=role, when=when
    )
