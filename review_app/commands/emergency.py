"""Emergency access: one asks with a reason, another opens for an hour, either ends it.

It opens film and captions to the one who asked, and nothing else; whoever is in the recording
must have agreed all the same. The two whose recording it is are told.
"""

from datetime import timedelta
from typing import Final

from consent.model import RecordingId
from review_app.commands.access import found_with_course
from review_app.errors import BadRequest, Denied
from review_app.permissions import (
    check_may_approve_emergency_access,
    check_may_ask_for_emergency_access,
)
from storage import accounts, audit, break_glass, consent_ledger
from storage.errors import NotFound, NotPlain
from storage.notifications import notify
from storage.plain import check_plain
from storage.records import (
    BreakGlass,
    BreakGlassId,
    Course,
    NotificationKind,
    User,
    UserId,
    UserRole,
)
from storage.transaction import Transaction

OPEN_FOR: Final = timedelta(minutes=60)
SHORTEST_REASON: Final = 10
_LONGEST_REASON: Final = 1_000


def ask_for_access(
    tx: Transaction, user: User, recording: RecordingId, *, reason: str
) -> BreakGlass:
    """Ask for a recording to be opened, and tell those who may do so.

    Raises:
        Denied: The person is no administrator, or there is no such recording.
        BadRequest: No reason is given, or the same has been asked for already.
        NotFound: The recording is being or has been erased.
    """
    check_may_ask_for_emergency_access(user)
    found, course = found_with_course(tx, recording)
    consent_ledger.question(tx, found.id)
    stands = {(each.recording, each.asked_by) for each in break_glass.standing(tx)}
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= _LONGEST_REASON or (found.id, user.id) in stands:
        raise BadRequest
    asked = break_glass.ask(tx, found.id, reason=reason, by=user.id)
    _note(tx, user, "break_glass_asked", asked)
    _tell(tx, _second_persons(tx, course) - {user.id}, NotificationKind.BREAK_GLASS_ASKED, asked)
    return asked


def approve_access(tx: Transaction, user: User, id_: BreakGlassId) -> BreakGlass:
    """Open what another person has asked for, and tell the two whose recording it is.

    Raises:
        Denied: The person has asked themselves, or has no say in this.
        BadRequest: It has been answered, or was asked too long ago.
    """
    asked, course = _asked(tx, id_)
    check_may_approve_emergency_access(user, asked=asked, course=course)
    if asked.ends_at is not None or tx.at - asked.asked_at >= break_glass.ASK_STANDS:
        raise BadRequest
    opened = break_glass.approve(tx, id_, by=user.id, until=OPEN_FOR)
    _note(tx, user, "break_glass_approved", opened)
    both = {course.caseworker, course.supervisor}
    _tell(tx, both, NotificationKind.BREAK_GLASS_OPENED, opened)
    return opened


def end_access(tx: Transaction, user: User, id_: BreakGlassId) -> None:
    """Close it before its time, or take back or refuse what was asked.

    Raises:
        Denied: The person is none of those who ask and open.
    """
    asked, course = _asked(tx, id_)
    if user.id != asked.asked_by:
        check_may_approve_emergency_access(user, asked=asked, course=course)
    break_glass.end(tx, id_)
    _note(tx, user, "break_glass_ended", asked)


def _asked(tx: Transaction, untrusted_id: str) -> tuple[BreakGlass, Course]:
    try:
        check_plain({"break_glass": untrusted_id})
        asked = break_glass.asked(tx, BreakGlassId(untrusted_id))
    except (NotFound, NotPlain):
        raise Denied from None
    return asked, found_with_course(tx, asked.recording)[1]


def _second_persons(tx: Transaction, course: Course) -> set[UserId]:
    administrators = {u.id for u in accounts.users(tx) if u.role is UserRole.ADMINISTRATOR}
    return administrators | {u for u in (course.coordinator, course.leader) if u is not None}


def _tell(tx: Transaction, people: set[UserId], kind: NotificationKind, about: BreakGlass) -> None:
    notify(tx, sorted(people), kind, recording=about.recording, about=about.id)


def _note(tx: Transaction, user: User, action: str, about: BreakGlass) -> None:
    detail = {"break_glass": about.id}
    audit.append(tx, actor=user.id, action=action, subject=about.recording, detail=detail)
