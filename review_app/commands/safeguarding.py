"""Worries about a child, and duties to keep: what the two may do, and what their leader may.

The leader comes to a concern by the course, never to the recording: steps and dates are open to
them, film, text and words are not.
"""

from consent.errors import ConsentMissing
from consent.model import RecordingId
from review_app.commands.access import Guest, Relation
from review_app.commands.arguments import OneConcern, Place
from review_app.errors import BadRequest, ConcernStands, Denied, NobodyToTell
from review_app.permissions import check_may_follow_concerns, check_may_place_hold
from review_app.supervision.disclosure import Part, check_may_take
from storage import audit, concerns, consent_ledger, courses, holds, notifications, recordings
from storage.errors import NotFound, NotPlain
from storage.jurisdictions import jurisdiction
from storage.plain import check_plain
from storage.records import (
    Concern,
    ConcernId,
    ConcernStep,
    Course,
    Hold,
    HoldId,
    HoldKind,
    NotificationKind,
    User,
)
from storage.transaction import Transaction


def raise_concern(near: Relation | Guest, *, at_ms: Place | None = None, text: str = "") -> Concern:
    """Flag a worry about a child: hold the recording, and tell the leader without content.

    To the two it is open while the recording is locked too, for a worry does not wait for consent.
    Whoever of them has not raised it is told as well: what is done about it is no secret between
    them. A guest has the same duty, for as long as they are one.

    Raises:
        NobodyToTell: The course has neither a leader nor a coordinator.
    """
    leader = near.course.told_of_concerns
    if leader is None:
        raise NobodyToTell
    raised = concerns.raise_concern(
        near.tx, near.id, by=near.user.id, leader=leader, at_ms=at_ms, text=text.strip()
    )
    told = {leader, near.course.caseworker, near.course.supervisor} - {near.user.id}
    notifications.notify(
        near.tx,
        sorted(told),
        NotificationKind.CONCERN_RAISED,
        recording=near.id,
        about=raised.id,
    )
    near.note_in_audit("concern_raised", concern=raised.id, hold=raised.hold, leader=leader)
    return raised


def take_concern_step(
    near: Relation,
    *,
    id: OneConcern,  # noqa: A002 - the page's own word
    step: ConcernStep,
) -> Concern:
    """Note a step that the two have taken themselves.

    Raises:
        NotFound: The concern is not about this recording.
        StepNotOpen: It is not theirs, or not its turn.
    """
    found = concerns.concern(near.tx, id, lock=True)
    if found.recording != near.id:
        raise NotFound
    return _take(near.tx, near.user, found, step, part=Part.REVIEW)


def lead_concern(tx: Transaction, user: User, id_: ConcernId, *, step: ConcernStep) -> Concern:
    """Note a step that the leader has taken; closing the concern ends its hold.

    Raises:
        Denied: The concern is in no course this person answers for, or there is none.
        StepNotOpen: It is not the step's turn.
    """
    try:
        check_plain({"concern": id_})
        found = concerns.concern(tx, id_, lock=True)
    except (NotFound, NotPlain):
        raise Denied from None
    check_may_follow_concerns(user, course=_course_of(tx, found.recording))
    return _take(tx, user, found, step, part=Part.LEADER)


def place_hold(
    tx: Transaction, user: User, recording: RecordingId, *, kind: HoldKind, ground: str
) -> Hold:
    """Keep a recording from being erased while a duty stands.

    Raises:
        Denied: It is in no course this person looks after, or there is none.
        BadRequest: A concern is raised by those who saw it, or the law knows no such ground.
    """
    try:
        check_plain({"recording": recording, "ground": ground})
        course = _course_of(tx, recording)
    except (NotFound, NotPlain):
        raise Denied from None
    check_may_place_hold(user, course=course)
    if kind is HoldKind.CONCERN or ground not in grounds_of(tx, recording):
        raise BadRequest
    placed = holds.place_hold(tx, recording, kind=kind, ground=ground, by=user.id)
    audit.append(
        tx,
        actor=user.id,
        action="hold_placed",
        subject=recording,
        detail={"hold": placed.id, "kind": kind, "ground": ground},
    )
    return placed


def lift_hold(tx: Transaction, user: User, id_: HoldId) -> Hold:
    """End a duty to keep; what waited for it goes on.

    Raises:
        Denied: It is in no course this person answers for, or there is none.
        ConcernStands: The hold is a concern's, and ends when that is closed.
    """
    try:
        check_plain({"hold": id_})
        found = holds.hold(tx, id_)
    except (NotFound, NotPlain):
        raise Denied from None
    check_may_follow_concerns(user, course=_course_of(tx, found.recording))
    if found.kind is HoldKind.CONCERN and found.lifted_at is None:
        raise ConcernStands
    lifted = holds.lift_hold(tx, id_, by=user.id)
    audit.append(
        tx, actor=user.id, action="hold_lifted", subject=found.recording, detail={"hold": id_}
    )
    return lifted


def grounds_of(tx: Transaction, recording: RecordingId) -> tuple[str, ...]:
    """Return the codes of the legal grounds on which a hold may be placed by hand."""
    profile = jurisdiction(tx, recordings.recording(tx, recording).jurisdiction)
    return tuple(code for code in profile.hold_grounds if code != concerns.HOLD_GROUND)


def words_of(near: Relation | Guest) -> dict[ConcernId, str]:
    """Return what was written with the concerns; nothing while the recording is locked."""
    try:
        permit = consent_ledger.permit(near.tx, near.id)
    except (ConsentMissing, NotFound):
        return {}
    return concerns.words_of(near.tx, permit)


def _take(tx: Transaction, user: User, found: Concern, step: ConcernStep, *, part: Part) -> Concern:
    check_may_take(step, after=found.steps[-1].step, part=part)
    taken = concerns.take_step(tx, found.id, step, by=user.id)
    audit.append(
        tx,
        actor=user.id,
        action="concern_step",
        subject=found.recording,
        detail={"concern": found.id, "step": step},
    )
    return taken


def _course_of(tx: Transaction, recording: RecordingId) -> Course:
    return courses.course(tx, recordings.recording(tx, recording).course)
