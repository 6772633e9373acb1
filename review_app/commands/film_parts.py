"""Which files a film consists of, as long as nobody works on it yet."""

from collections.abc import Sequence

from consent.model import RecordingId
from review_app.commands.access import relation_to
from review_app.commands.intake import process_if_permitted
from review_app.errors import BadRequest, ProcessingBegun
from review_app.permissions import check_may_record_consent
from storage import audit, consent_ledger, parts, requests
from storage.plain import check_plain
from storage.records import FilmPart, User
from storage.transaction import Transaction


def arrange_parts(
    tx: Transaction, user: User, recording: RecordingId, wanted: Sequence[FilmPart]
) -> None:
    """Announce the files of a film in their order, and take back those that are left out.

    Raises:
        Denied: The recording is not the caseworker's own.
        NotFound: The recording is being or has been erased.
        ProcessingBegun: The film is worked on already.
        BadRequest: A file is named twice.
        NotPlain: A name is none that a browser makes up.
        TooManyParts: There are more than a conversation has.
    """
    found = relation_to(tx, user, recording).recording
    check_may_record_consent(user, recording=found)
    consent_ledger.check_here(tx, recording)
    known = parts.parts_of(tx, recording)
    if found.received_at is not None and not (known and _rests(tx, recording)):
        raise ProcessingBegun
    names = [part.id for part in wanted]
    check_plain({"parts": names})
    if len(set(names)) < len(names):
        raise BadRequest
    parts.arrange(tx, recording, wanted)
    audit.append(
        tx,
        actor=user.id,
        action="parts_arranged",
        subject=recording,
        detail={"parts": len(names), "taken_back": len({part.id for part in known} - {*names})},
    )
    process_if_permitted(tx, recording)


def _rests(tx: Transaction, recording: RecordingId) -> bool:
    """Return whether nothing has been done with a film, nor is about to be."""
    return not requests.stage_runs_of(tx, recording) and not requests.has_open(tx, recording)
