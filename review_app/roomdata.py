"""What the joint room shows beside the desk's document: the guests, and what a guest is shown."""

from typing import Any

from consent.model import Purpose
from review_app.commands.access import Access, Guest
from review_app.commands.group import MOST_GUESTS
from review_app.consent_words import in_order, who_is
from review_app.deskdata import desk_of, note_as_shown
from review_app.permissions import may_be_invited, may_invite
from review_app.supervision.room_rounds import Seat
from review_app.translation import Translate
from review_app.words import GAP_WORDS
from storage import accounts, annotations, consent_ledger, cycles, invitations, notes, recordings
from storage.home import Home
from storage.records import BlobRole, UserRole


def room_of(home: Home, access: Access, *, say: Translate) -> dict[str, Any]:
    """Return the room's document for one of the two: the desk's, and who else may be there."""
    return desk_of(home, access, say=say) | {"people": _people(access)}


def guest_room_of(guest: Guest) -> dict[str, Any]:
    """Return the room's document for a guest: the sequences and what is shared, nothing else."""
    tx, permit, recording = guest.tx, guest.permit, guest.recording
    shared = notes.notes_of(tx, permit, reader=guest.user.id)
    authors = accounts.people_named(tx, {note.by for note in shared})
    people = _people(guest)
    cycle = cycles.cycle_of(tx, recording.id)
    return {
        "recording": {
            "id": recording.id,
            "number": recording.number,
            "youth_letter": recording.youth_letter,
            "duration_ms": recording.duration_ms,
            "language": recording.language,
            "has_video": bool(recordings.blobs_of(tx, recording.id, BlobRole.PROXY)),
        },
        "me": {"id": guest.user.id, "name": guest.user.name, "side": Seat.GUEST},
        "other": next(each for each in people if each["side"] == Seat.SUPERVISOR),
        "people": people,
        "sequences": annotations.sequences_of(tx, permit),
        "notes": [note_as_shown(n, people={p: authors[p].name for p in authors}) for n in shared],
        "cycle": {"meeting_at": cycle.meeting_at, "meeting_minutes": cycle.meeting_minutes},
    }


def group_of(access: Access, *, say: Translate) -> dict[str, Any]:
    """Return who is invited, whom the supervisor may invite, and whose yes is still missing."""
    tx = access.tx
    here = [each for each in _people(access) if each["side"] == Seat.GUEST]
    supervisor = may_invite(access.user, recording=access.recording, course=access.course)
    invited = {each["id"] for each in here}
    roster = in_order(consent_ledger.roster_of(tx, access.id))
    people = {person.person: person for person in roster}
    return {
        "guests": here,
        "most": MOST_GUESTS,
        "may_invite": supervisor,
        "colleagues": [
            {"id": each.id, "name": each.name}
            for each in accounts.open_accounts(tx, role=UserRole.CASEWORKER)
            if each.id not in invited
            and may_be_invited(each, recording=access.recording, course=access.course)
        ]
        if supervisor
        else [],
        "missing": [
            {
                "who": who_is(people[gap.person], roster, say=say) if gap.person else "",
                "why": say(GAP_WORDS[gap.kind]),
            }
            for gap in consent_ledger.gaps(tx, access.id, purpose=Purpose.GROUP)
        ],
    }


def _people(near: Access | Guest) -> list[dict[str, Any]]:
    """Return everyone who may be in the room: the two, then their guests."""
    invited = [each.guest for each in invitations.standing(near.tx, near.recording.id)]
    seats = {near.course.supervisor: Seat.SUPERVISOR, near.course.caseworker: Seat.CASEWORKER}
    seats |= dict.fromkeys(invited, Seat.GUEST)
    named = accounts.people_named(near.tx, seats)
    return [{"id": id_, "name": named[id_].name, "side": seat} for id_, seat in seats.items()]
