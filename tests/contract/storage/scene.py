"""A caseworker and a supervisor in a course, for tests to add to; and keys in memory."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from consent.gate import Permit
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
from storage import accounts, consent_ledger, courses, recordings
from storage.identity import new_id
from storage.records import Course, CourseId, NewRecording, Package, Recording, User, UserRole
from storage.transaction import Transaction
from storage.vault.errors import KeyDestroyed, KeyMissing
from storage.vault.keys import SiteKey

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROSTER = (
    Participant(PersonId("youth"), Role.YOUTH, date(2010, 5, 1)),
    Participant(PersonId("holder"), Role.CUSTODY_HOLDER, present=False),
)


class MemoryKeys:
    """Keys that are gone with the test."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._destroyed: set[str] = set()

    def data_key(self, recording: RecordingId) -> bytes:
        if recording in self._destroyed:
            raise KeyDestroyed(recording)
        if recording not in self._keys:
            raise KeyMissing(recording)
        return self._keys[recording]

    def create(self, recording: RecordingId) -> None:
        self._keys.setdefault(recording, sha256(recording.encode()).digest())

    def destroy(self, recording: RecordingId) -> None:
        self._destroyed.add(recording)

    def course_key(self, course: CourseId) -> bytes:
        return sha256(course.encode()).digest()

    def site_key(self, name: SiteKey) -> bytes:
        return sha256(name.encode()).digest()


@dataclass(frozen=True)
class Site:
    """A caseworker and a supervisor in a course, and ways to add to it."""

    tx: Transaction
    caseworker: User
    supervisor: User
    course: Course

    def recording(self, *, roster: tuple[Participant, ...] = ROSTER) -> Recording:
        new = NewRecording(self.course.id, NOW - timedelta(days=1), roster)
        return recordings.add_recording(self.tx, new, owner=self.caseworker.id)

    def agree(self, recording: RecordingId, *, event: Event = Event.GIVEN) -> None:
        for participant in ROSTER:
            consent_ledger.record_evidence(
                self.tx, answer(recording, participant.person, event=event)
            )

    def permit(self) -> Permit:
        """Return the permit of a new recording in which everyone has agreed."""
        recording = self.recording()
        self.agree(recording.id)
        return consent_ledger.permit(self.tx, recording.id)


def answer(
    recording: RecordingId, person: str, *, event: Event = Event.GIVEN, at: datetime = NOW
) -> Evidence:
    return Evidence(
        id=EvidenceId(new_id()),
        recording=recording,
        person=PersonId(person),
        purpose=Purpose.SUPERVISION,
        event=event,
        at=at,
        method=Method.DIGITAL,
        valid_from=date(2026, 1, 1),
    )


def begin_site(tx: Transaction) -> Site:
    def person(login: str, role: UserRole) -> User:
        return accounts.add_user(
            tx, login=login, name=login.title(), role=role, password_hash="hash", language="da"
        )

    caseworker = person("carla", UserRole.CASEWORKER)
    supervisor = person("sune", UserRole.SUPERVISOR)
    course = courses.add_course(
        tx,
        caseworker=caseworker.id,
        supervisor=supervisor.id,
        coordinator=None,
        package=Package.ONE,
        starts_on=date(2026, 2, 1),
    )
    return Site(tx, caseworker, supervisor, course)


def after(tx: Transaction, **span: float) -> Transaction:
    """Return the same transaction at a later moment."""
    return replace(tx, at=tx.at + timedelta(**span))
