"""A whole home with its people, courses and recordings, and browsers that are signed in to it."""

import atexit
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

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
from review_app.gate import Gate
from review_app.routes.problems import HANDLERS
from review_app.server import routes
from review_app.sessions import COOKIE, Sessions
from review_app.witness import Witness
from storage import (
    accounts,
    annotations,
    audit,
    consent_ledger,
    courses,
    phases,
    recordings,
    requests,
)
from storage.home import Home
from storage.identity import new_id
from storage.media import new_media, save_document, save_transcript
from storage.passwords import hash_password
from storage.records import (
    BlobRole,
    Course,
    NewRecording,
    Package,
    Segment,
    SegmentId,
    Sequence,
    SequenceId,
    SequenceKind,
    Stage,
    StageRun,
    StageState,
    Tag,
    TagId,
    Turn,
    User,
    UserRole,
    Word,
)
from storage.settings import Settings
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef
from tests.clock import Clock

PASSWORD = "correct horse battery"
BORN = date(2010, 5, 1)
BIRTH_YEAR = re.compile(rf"(?<![0-9a-f-]){BORN.year}(?![0-9a-f])")
"""Where a text tells it. Within an id the same digits come and go with the time of day."""
PEOPLE = {
    "mette": UserRole.CASEWORKER,
    "birgitte": UserRole.SUPERVISOR,
    "xenia": UserRole.CASEWORKER,
    "yrsa": UserRole.SUPERVISOR,
    "karen": UserRole.COORDINATOR,
    "adam": UserRole.ADMINISTRATOR,
    "rune": UserRole.RESEARCHER,
}
OWNER, SUPERVISOR = "mette", "birgitte"
STRANGERS = tuple(login for login in PEOPLE if login not in {OWNER, SUPERVISOR})
DURATION_MS = 600_000
PLAN = {
    "with_whom": "A",
    "when": "soon",
    "will_try": ["wait"],
    "will_notice": "",
    "goal": "",
}


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


@dataclass
class House:
    """The home, who lives in it, and ways to add to it."""

    home: Home
    clock: Clock
    people: dict[str, User]
    course: Course
    other_course: Course
    sessions: Sessions = field(init=False)
    witness: Witness = field(init=False)
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin to serve; again, as after a restart."""
        self.sessions = Sessions(self.home)
        self.witness = Witness(self.home)
        self.app = Starlette(
            routes=routes(self.home, self.sessions, self.witness),
            middleware=[
                Middleware(
                    Gate,
                    sessions=self.sessions,
                    witness=self.witness,
                    meeting=self.home.settings.meeting,
                )
            ],
            exception_handlers=HANDLERS,
        )

    def token(self, login: str) -> str:
        token = secrets.token_urlsafe(32)
        with self.home.transaction() as tx:
            accounts.open_session(
                tx,
                self.people[login].id,
                token_hash=sha256(token.encode()).hexdigest(),
                expires_at=tx.at + timedelta(hours=self.home.settings.session_hours),
            )
        return token

    def browser(self, login: str | None = None) -> TestClient:
        """Return a browser, signed in as someone or nobody."""
        cookies = {COOKIE: self.token(login)} if login else {}
        return TestClient(self.app, cookies=cookies, follow_redirects=False)

    def recording(
        self,
        *,
        course: Course | None = None,
        agreed: bool = True,
        processed: bool = True,
        recorded_at: datetime | None = None,
    ) -> RecordingId:
        """Add a recording of a youth of fifteen with one custody holder."""
        course = course or self.course
        roster = (
            Participant(PersonId(new_id()), Role.YOUTH, BORN),
            Participant(PersonId(new_id()), Role.CUSTODY_HOLDER, present=False),
            Participant(PersonId(new_id()), Role.CASEWORKER),
        )
        with self.home.transaction() as tx:
            new = NewRecording(course.id, recorded_at or tx.at - timedelta(days=1), roster)
            id_ = recordings.add_recording(tx, new, owner=course.caseworker).id
        if agreed:
            self.answer(id_, Event.GIVEN)
        if processed:
            with self.home.transaction() as tx:
                recordings.mark_received(tx, id_, source=BlobRef(f"{id_}/source/none", 0))
                recordings.set_duration(tx, id_, duration_ms=DURATION_MS)
                for stage in Stage:
                    requests.report_stage(tx, StageRun(id_, stage, StageState.DONE, 1.0))
        return id_

    def answer(self, recording: RecordingId, event: Event, *, only: Role | None = None) -> None:
        """Let everyone in a recording, or those of one role, say yes or no."""
        with self.home.transaction() as tx:
            for person in consent_ledger.roster_of(tx, recording):
                if only in {None, person.role}:
                    consent_ledger.record_evidence(tx, _answer(recording, person, event, tx.at))

    def agree_to_group(self, recording: RecordingId, *, besides: Role | None = None) -> None:
        """Let everyone in a recording, or all of them but one, say yes to the group."""
        with self.home.transaction() as tx:
            for person in consent_ledger.roster_of(tx, recording):
                if person.role is not besides:
                    answer = _answer(recording, person, Event.GIVEN, tx.at)
                    consent_ledger.record_evidence(tx, replace(answer, purpose=Purpose.GROUP))

    def signed_paper(self, recording: RecordingId) -> EvidenceId:
        """Let someone in a recording say yes on paper, whose picture is still to come."""
        with self.home.transaction() as tx:
            person = consent_ledger.roster_of(tx, recording)[0]
            answer = replace(
                _answer(recording, person, Event.GIVEN, tx.at), method=Method.SIGNED_PAPER
            )
            consent_ledger.record_evidence(tx, answer)
        return answer.id

    def permit(self, recording: RecordingId) -> Permit:
        with self.home.reading() as tx:
            return consent_ledger.permit(tx, recording)

    def put(self, recording: RecordingId, role: BlobRole, content: bytes) -> None:
        with new_media(self.home, self.permit(recording), role) as writer:
            writer.write(content)

    def document(self, recording: RecordingId, role: BlobRole, value: object) -> None:
        save_document(self.home, self.permit(recording), role, value)

    def transcript(self, recording: RecordingId, turns: Iterable[Turn]) -> None:
        save_transcript(
            self.home,
            self.permit(recording),
            turns,
            engine="test",
            language="da",
            rehearsal=True,
        )

    def sequence(self, recording: RecordingId, *, by: str = SUPERVISOR, at_ms: int = 0) -> str:
        sequence = Sequence(
            SequenceId(new_id()),
            recording,
            at_ms,
            at_ms + 30_000,
            0,
            "Title",
            SequenceKind.STRENGTH,
            prompt="What do you see?",
            by=self.people[by].id,
        )
        with self.home.transaction() as tx:
            return annotations.add_sequence(tx, sequence).id

    def suggest(self, recording: RecordingId) -> tuple[str, str]:
        """Suggest a phase and a tag as a machine would, and return their ids."""
        segment = Segment(SegmentId(new_id()), recording, 0, 60_000, "opening")
        tag = Tag(
            TagId(new_id()), recording, "conversation@1", "summary", 5_000, 9_000, confidence=0.7
        )
        with self.home.transaction() as tx:
            phases.renew_suggestions(tx, recording, [segment])
            annotations.renew_suggestions(tx, recording, [tag])
        return segment.id, tag.id

    def audited(self, subject: str) -> list[str]:
        with self.home.reading() as tx:
            return [entry.action for entry in audit.entries_about(tx, subject)]

    def desk(self, login: str, recording: str) -> dict[str, Any]:
        """Return the desk document as someone gets it."""
        answer = self.browser(login).get(f"/api/recordings/{recording}/desk")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def release(self, recording: RecordingId) -> str:
        """Choose a sequence, release it, and return it."""
        sequence = self.sequence(recording)
        self.do(SUPERVISOR, recording, "release")
        return sequence

    def hold_meeting(self, recording: RecordingId) -> str:
        sequence = self.release(recording)
        self.do(OWNER, recording, "end_meeting")
        return sequence

    def approve(self, recording: RecordingId) -> str:
        sequence = self.hold_meeting(recording)
        saved = {"items": [], "agreements": ["x"], "plan": PLAN, "revision": 1}
        self.do(OWNER, recording, "save_minutes", **saved)
        for login in (OWNER, SUPERVISOR):
            self.do(login, recording, "sign_minutes", revision=2)
        return sequence

    def do(self, login: str, recording: str, intent: str, /, **arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Carry out an intent that must succeed and return its result."""
        answer = intend(self.browser(login), recording, intent, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]


def intend(browser: TestClient, recording: str, intent: str, /, **arguments: object) -> Response:
    return browser.post(
        f"/api/recordings/{recording}/intents", json={"intent": intent, **arguments}
    )


def turn(index: int, text: str, *, start_ms: int | None = None) -> Turn:
    begin = index * 2_000 if start_ms is None else start_ms
    words = tuple(
        Word(begin + n * 300, begin + n * 300 + 250, word) for n, word in enumerate(text.split())
    )
    return Turn(index, begin, words[-1].end_ms, "youth" if index % 2 else "caseworker", words)


def open_house(
    stack: ExitStack,
    folder: Path,
    *,
    database_url: str = "",
    like: Path | None = None,
    **settings: object,
) -> House:
    """Return a house with two courses, its home in a folder that is not there yet.

    It is a copy of the home in ``like``, or else has nothing in it but people and courses.
    """
    if not database_url:
        shutil.copytree(like or _furnished(), folder)
    chosen = Settings(home=folder, database_url=database_url, **settings)  # type: ignore[arg-type]
    clock = Clock()
    home = Home.open(chosen, clock=clock)
    stack.callback(home.close)
    with home.transaction() as tx:
        if database_url:
            _furnish(tx)
        people = {user.login: user for user in accounts.users(tx)}
        mine, others = (courses.courses_of(tx, people[who].id)[0] for who in (OWNER, "xenia"))
    return House(home, clock, people, mine, others)


@cache
def _furnished() -> Path:
    """Return a home to copy: to furnish one anew takes longer than most tests."""
    folder = Path(tempfile.mkdtemp(prefix="house"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = Home.open(Settings(home=folder), clock=Clock())
    with home.transaction() as tx:
        _furnish(tx)
    home.close()
    return folder


def _furnish(tx: Transaction) -> None:
    people = {
        login: accounts.add_user(
            tx,
            login=login,
            name=f"{login.title()} Testsen",
            role=role,
            password_hash=password_hash(),
            language="en",
        )
        for login, role in PEOPLE.items()
    }
    for caseworker, supervisor in ((OWNER, SUPERVISOR), ("xenia", "yrsa")):
        courses.add_course(
            tx,
            caseworker=people[caseworker].id,
            supervisor=people[supervisor].id,
            coordinator=people["karen"].id,
            package=Package.ONE,
            starts_on=date(2026, 2, 1),
        )


def _answer(recording: RecordingId, person: Participant, event: Event, at: datetime) -> Evidence:
    return Evidence(
        id=EvidenceId(new_id()),
        recording=recording,
        person=person.person,
        purpose=Purpose.SUPERVISION,
        event=event,
        at=at,
        method=Method.DIGITAL,
        valid_from=date(2025, 1, 1),
    )
