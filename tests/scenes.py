"""One recording full of content for every state of consent, for the tests of the whole matrix.

Whatever content is here has the canary in it, so that a byte too many is found wherever it is.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from consent.gate import Permit, permit_for
from consent.model import (
    Event,
    Evidence,
    EvidenceId,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from review_app.commands.emergency import approve_access, ask_for_access, end_access
from storage import (
    accounts,
    annotations,
    codings,
    concerns,
    consent_codes,
    consent_ledger,
    courses,
    cycles,
    drafts,
    erasure,
    goals,
    holds,
    invitations,
    notes,
    recordings,
    requests,
    training_copies,
    uploads,
)
from storage.identity import new_id
from storage.media import keep_scan, new_media, save_document, save_transcript
from storage.records import (
    BlobRole,
    ConcernStep,
    CopyVoice,
    EvidenceScan,
    Goal,
    GoalId,
    HoldKind,
    Minutes,
    MinutesItem,
    NewRecording,
    Note,
    NoteId,
    NoteKind,
    Package,
    Plan,
    Sequence,
    SequenceId,
    SequenceKind,
    Side,
    Stage,
    StageRun,
    StageState,
    TrainingReason,
    UserRole,
    Visibility,
)
from storage.vault.blobs import BlobRef
from tests.figures import counted
from tests.house import DURATION_MS, OWNER, SUPERVISOR, House, turn
from tests.knockers import NOT_ANSWERED, WITHOUT_ACCOUNT, State, Who
from tests.matrix import CANARY, FILM, NOTE, SCAN, WISH, Scene

_VISIT_IS_OVER: Final = timedelta(minutes=16)
_LATER = {
    State.RECONFIRMED: Event.RECONFIRMED,
    State.INVALIDATED: Event.INVALIDATED,
    State.WITHDRAWN: Event.WITHDRAWN,
    State.HELD_WITHDRAWN: Event.WITHDRAWN,
}
"""What the youth says after everyone has said yes."""


def settle(house: House) -> None:
    """Let those move in who are not in every house, and begin a course with a leader."""
    more = dict.fromkeys(
        (Who.EMERGENCY_ASKED, Who.EMERGENCY_OPEN, Who.EMERGENCY_ENDED), UserRole.ADMINISTRATOR
    ) | {
        Who.LEADER: UserRole.COORDINATOR,
        Who.GUEST: UserRole.CASEWORKER,
        Who.GUEST_BEFORE: UserRole.CASEWORKER,
    }
    with house.home.transaction() as tx:
        for login, role in more.items():
            house.people[login] = accounts.add_user(
                tx, login=login, name=login.name, role=role, password_hash="", language="en"
            )
        house.course = courses.add_course(
            tx,
            caseworker=house.people[OWNER].id,
            supervisor=house.people[SUPERVISOR].id,
            coordinator=house.people[Who.COORDINATOR].id,
            leader=house.people[Who.LEADER].id,
            package=Package.ONE,
            starts_on=date(2026, 2, 1),
        )


def scenes(house: House) -> list[Scene]:
    """Return a recording in every state, and visits to its public page."""
    made = [_scene(house, state) for state in State if state is not State.NOWHERE]
    nowhere = dict.fromkeys(made[0].places, "0197-nothing-like-this")
    made.append(Scene(State.NOWHERE, RecordingId(nowhere["recording"]), nowhere))
    for scene in made:
        _visit(house, scene, Who.VISIT_OVER, code=scene.codes.get(Who.YOUTH))
    house.clock.now += _VISIT_IS_OVER
    for scene in made:
        for who, code in scene.codes.items():
            _visit(house, scene, who, code=code)
        scene.visits[Who.WRONG_CODE] = (f"{scene.recording}.0.9999999999.0", "0")
    return made


def _visit(house: House, scene: Scene, who: Who, *, code: str | None) -> None:
    with house.home.reading() as tx:
        visit = consent_codes.begin_visit(tx, code) if code else None
    if visit:
        scene.visits[who] = (visit.token, visit.form_token)


def _scene(house: House, state: State) -> Scene:
    of_age = state is State.REASK_DUE
    people = {
        "youth": Participant(PersonId(new_id()), Role.YOUTH, date(2008 if of_age else 2010, 1, 1)),
        "mother": Participant(PersonId(new_id()), Role.CUSTODY_HOLDER, present=False),
        "father": Participant(PersonId(new_id()), Role.CUSTODY_HOLDER, present=False),
        "caseworker": Participant(PersonId(new_id()), Role.CASEWORKER),
    }
    roster = () if state is State.NO_ROSTER else tuple(people.values())
    with house.home.transaction() as tx:
        new = NewRecording(house.course.id, tx.at - timedelta(days=1), roster)
        id_ = recordings.add_recording(tx, new, owner=house.course.caseworker).id
        upload = uploads.begin_upload(
            tx,
            id_,
            owner=house.course.caseworker,
            length=1_000,
            media_type="video/mp4",
            expires_at=tx.at + uploads.LIFETIME,
        )
        recordings.mark_received(tx, id_, source=BlobRef(f"{id_}/source/none", 0))
        recordings.set_duration(tx, id_, duration_ms=DURATION_MS)
        for stage in Stage:
            requests.report_stage(tx, StageRun(id_, stage, StageState.DONE, 1.0))
    house.home.vault.begin_upload(id_, upload=upload.id, length=1_000).close()
    _fill(house, id_, _as_if_all_agreed(house, id_, people.values()))
    _break_glass(house, id_)
    answered = state not in NOT_ANSWERED[Who.YOUTH] | NOT_ANSWERED[Who.HOLDER]
    _invite(house, id_, agreed=people.values() if answered else ())
    places = {"copy": _training_copy(house, _as_if_all_agreed(house, id_, people.values()))}
    places |= {
        "recording": str(id_),
        "course": str(house.course.id),
        "upload": str(upload.id),
        "person": people["youth"].person,
    }
    places |= _papers(house, id_, people["caseworker"])
    _answers(house, id_, people, state)
    codes = {} if not roster else _codes(house, id_, people)
    _afterwards(house, id_, state)
    return Scene(state, id_, places, codes)


def _invite(house: House, recording: RecordingId, *, agreed: Iterable[Participant]) -> None:
    """Let people agree to the group, invite one who comes, and one who no longer may."""
    supervisor = house.people[SUPERVISOR].id
    with house.home.transaction() as tx:
        for person in agreed:
            yes = _yes(recording, person, house, purpose=Purpose.GROUP)
            consent_ledger.record_evidence(tx, yes)
        for who in (Who.GUEST, Who.GUEST_BEFORE):
            guest = house.people[who].id
            invitations.invite(tx, recording, guest=guest, by=supervisor)
        invitations.end(tx, recording, guest=house.people[Who.GUEST_BEFORE].id)


def _training_copy(house: House, permit: Permit) -> str:
    """Return a copy that is made and waits; to teaching nobody agrees any more."""
    with house.home.transaction() as tx:
        copy = training_copies.ask(
            tx,
            permit,
            by=house.people[OWNER].id,
            reason=TrainingReason.EDUCATION,
            sequence=None,
            span_ms=(0, DURATION_MS),
            voice=CopyVoice.REMOVED,
            mark=CANARY,
            kept_for=timedelta(days=30),
        )
    with training_copies.new_copy(house.home, permit, copy) as writer:
        writer.write(FILM)
    return copy.id


def _codes(house: House, recording: RecordingId, people: dict[str, Participant]) -> dict[Who, str]:
    by = house.people[OWNER].id
    with house.home.transaction() as tx:
        return {
            who: consent_codes.issue(tx, recording, people[name].person, by=by)
            for who, name in ((Who.YOUTH, "youth"), (Who.HOLDER, "father"))
        }


def _papers(house: House, recording: RecordingId, person: Participant) -> dict[str, str]:
    """Return two signed papers that decide nothing here; of one the picture is kept."""
    signed = {
        name: _yes(recording, person, house, purpose=Purpose.TRAINING, method=Method.SIGNED_PAPER)
        for name in ("evidence", "scanned")
    }
    blob = keep_scan(house.home, recording, SCAN).key
    with house.home.transaction() as tx:
        for answer in signed.values():
            consent_ledger.record_evidence(tx, answer)
        kept = EvidenceScan(
            signed["scanned"].id, recording, blob=blob, at=tx.at, by=house.people[OWNER].id
        )
        consent_ledger.record_scan(tx, kept)
    return {name: answer.id for name, answer in signed.items()}


def _as_if_all_agreed(
    house: House, recording: RecordingId, people: Iterable[Participant]
) -> Permit:
    """Return a permit to fill a recording with; what it rests on is not kept."""
    with house.home.reading() as tx:
        asked = consent_ledger.question(tx, recording)
        evidence = [_yes(recording, person, house) for person in people]
        return permit_for(asked, roster=people, evidence=evidence)


def _yes(
    recording: RecordingId,
    person: Participant,
    house: House,
    *,
    event: Event = Event.GIVEN,
    at: datetime | None = None,
    until: date | None = None,
    purpose: Purpose = Purpose.SUPERVISION,
    method: Method = Method.DIGITAL,
) -> Evidence:
    return Evidence(
        id=EvidenceId(new_id()),
        recording=recording,
        person=person.person,
        purpose=purpose,
        event=event,
        at=at or house.clock(),
        method=method,
        valid_from=date(2025, 1, 1),
        valid_until=until,
    )


def _fill(house: House, recording: RecordingId, permit: Permit) -> None:
    for role in (BlobRole.PROXY, BlobRole.THUMBNAILS):
        with new_media(house.home, permit, role) as writer:
            writer.write(FILM)
    save_transcript(
        house.home, permit, [turn(0, CANARY)], engine="test", language="da", rehearsal=True
    )
    supervisor = house.people[SUPERVISOR].id
    save_document(house.home, permit, BlobRole.MEASURES, counted(CANARY))
    sequence = SequenceId(new_id())
    chosen = Sequence(
        sequence, recording, 0, 30_000, 1, CANARY, SequenceKind.STRENGTH, by=supervisor
    )
    item = MinutesItem(sequence, CANARY, SequenceKind.STRENGTH, 0, seen=CANARY, said=CANARY)
    minutes = Minutes(recording, (item,), (CANARY,), Plan(goal=CANARY))
    with house.home.transaction() as tx:
        annotations.add_sequence(tx, chosen)
        note = Note(
            NoteId(new_id()),
            recording,
            supervisor,
            5_000,
            NoteKind.SEEN_HEARD,
            Visibility.SHARED,
            CANARY,
            tx.at,
            revision=0,
        )
        notes.write_note(tx, note)
        notes.write_answer(tx, sequence, seen=CANARY, thought=CANARY, skipped=False)
        cycles.write_wish(tx, recording, text=CANARY)
        cycles.release(tx, recording)
        cycles.agree_meeting(tx, recording, meeting_at=tx.at, minutes=60)
        aim = goals.write_goal(tx, Goal(GoalId(new_id()), house.course.id, CANARY, 9, tx.at))
        goals.look_at_goal(tx, permit, aim.id, place=3, tried=CANARY)
        cycles.save_minutes(tx, minutes, by=Side.CASEWORKER)
        stretch = {"text_version": 1, "text_revision": 0, "start_ms": 0, "end_ms": 9_000}
        codings.begin_coding(
            tx,
            recording,
            codebook="conversation@1",
            codes=["reflection"],
            by=supervisor,
            **stretch,
        )
        worry = concerns.raise_concern(
            tx,
            recording,
            by=supervisor,
            leader=house.people[Who.LEADER].id,
            at_ms=2_000,
            text=CANARY,
        )
        concerns.take_step(tx, worry.id, ConcernStep.CLOSED, by=house.people[Who.LEADER].id)
        for login in (OWNER, SUPERVISOR):
            user = house.people[login].id
            for field in (WISH, NOTE):
                drafts.keep_draft(tx, user=user, recording=recording, field=field, text=CANARY)


def _break_glass(house: House, recording: RecordingId) -> None:
    by = {who: house.people[who] for who in Who if who not in WITHOUT_ACCOUNT}
    with house.home.transaction() as tx:
        for who in (Who.EMERGENCY_ASKED, Who.EMERGENCY_OPEN, Who.EMERGENCY_ENDED):
            asked = ask_for_access(tx, by[who], recording, reason=f"{CANARY} is in danger")
            if who is not Who.EMERGENCY_ASKED:
                approve_access(tx, by[Who.ADMINISTRATOR], asked.id)
            if who is Who.EMERGENCY_ENDED:
                end_access(tx, by[who], asked.id)


def _answers(
    house: House, recording: RecordingId, people: dict[str, Participant], state: State
) -> None:
    """Let everyone answer as the state has it."""
    silent = {
        State.NO_ROSTER: set(people),
        State.NOBODY_ASKED: set(people),
        State.YOUTH_MISSING: {"youth"},
        State.HOLDER_MISSING: {"father"},
    }.get(state, set())
    no = {State.REFUSED: {"youth"}, State.CONFLICT: {"father"}}.get(state, set())
    until = house.clock().date() if state is State.EXPIRED else None
    old = state in {State.REASK_DUE, State.SCAN_MISSING}
    at = house.clock() - timedelta(days=90) if old else house.clock()
    method = Method.SIGNED_PAPER if state is State.SCAN_MISSING else Method.DIGITAL
    with house.home.transaction() as tx:
        for name in people.keys() - silent:
            event = Event.REFUSED if name in no else Event.GIVEN
            said = _yes(
                recording, people[name], house, event=event, at=at, until=until, method=method
            )
            consent_ledger.record_evidence(tx, said)
    if state in _LATER:
        house.clock.go_on(seconds=1)
        with house.home.transaction() as tx:
            said = _yes(recording, people["youth"], house, event=_LATER[state])
            consent_ledger.record_evidence(tx, said)


def _afterwards(house: House, recording: RecordingId, state: State) -> None:
    by = house.people[OWNER].id

    def begin() -> None:
        with house.home.transaction() as tx:
            erasure.begin_erasure(tx, recording)

    def hold() -> None:
        with house.home.transaction() as tx:
            holds.place_hold(tx, recording, kind=HoldKind.LEGAL, ground="archive", by=by)

    after: dict[State, Callable[[], None]] = {
        State.HELD: hold,
        State.HELD_WITHDRAWN: hold,
        State.ERASING: begin,
        State.ERASED: lambda: erasure.erase(house.home, recording),
    }
    if state in after:
        after[state]()
