"""The demonstration: a home with people, a course, consents, and the sample recording in it."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from consent.model import Method, RecordingId, Role
from pipeline import intake
from storage import accounts, consent_codes, consent_ledger, courses, jurisdictions, recordings
from storage.erasure import erasures
from storage.home import Home
from storage.passwords import hash_password
from storage.records import Course, NewRecording, Package, User, UserRole

_PEOPLE = (
    ("mette", "Mette Krogh", UserRole.CASEWORKER),
    ("birgitte", "Birgitte Lund", UserRole.SUPERVISOR),
    ("karen", "Karen Holm", UserRole.COORDINATOR),
    ("admin", "Administrator", UserRole.ADMINISTRATOR),
)
_YOUTH_AGE = timedelta(days=15 * 366)


@dataclass(frozen=True, slots=True)
class Demo:
    """The demonstration's people, their recording, and the youth's consent page."""

    people: tuple[User, ...]
    password: str
    course: Course
    recording: RecordingId
    consent_page: str


def prepare(home: Home) -> Demo:
    """Set up the demonstration, or find it as it was left; nothing is made twice."""
    password = _password(home)
    with home.transaction() as tx:
        people = []
        for login, name, role in _PEOPLE:
            found = accounts.user_by_login(tx, login)
            people.append(
                found[0]
                if found
                else accounts.add_user(
                    tx,
                    login=login,
                    name=name,
                    role=role,
                    password_hash=hash_password(password),
                    language="da",
                )
            )
        caseworker, supervisor, coordinator, _ = people
        today = jurisdictions.today(tx, home.settings.jurisdiction)
        existing = courses.courses_of(tx, caseworker.id)
        course = (
            existing[0]
            if existing
            else courses.add_course(
                tx,
                caseworker=caseworker.id,
                supervisor=supervisor.id,
                coordinator=coordinator.id,
                package=Package.TWO,
                starts_on=today - timedelta(weeks=2),
            )
        )
        every = recordings.recordings_of(tx, course=course.id)
        gone = {erasure.recording for erasure in erasures(tx)}
        earlier = [recording for recording in every if recording.id not in gone]
        now = tx.at
    recording = (
        earlier[0].id
        if earlier
        else intake.register(
            home,
            NewRecording(
                course=course.id,
                recorded_at=now - timedelta(days=1),
                roster=intake.roster_of(youth_born=_birth_date(today), custody_holders=1),
                jurisdiction=home.settings.jurisdiction,
            ),
            owner=caseworker.id,
            agreed=True,
            method=Method.DIGITAL,  # there is no paper that anybody could scan
        )
    )
    return Demo(tuple(people), password, course, recording, _consent_page(home, recording))


def _consent_page(home: Home, recording: RecordingId) -> str:
    """Return an address with a new code for the youth; the one told before is revoked."""
    with home.transaction() as tx:
        roster = consent_ledger.roster_of(tx, recording)
        youth = next(each.person for each in roster if each.role is Role.YOUTH)
        consent_codes.revoke(tx, recording, youth)
        owner = recordings.recording(tx, recording).owner
        code = consent_codes.issue(tx, recording, youth, by=owner)
    return f"{home.settings.address()}/s/{code}"


def _birth_date(today: date) -> date:
    return today - _YOUTH_AGE


def _password(home: Home) -> str:
    """Return the demonstration's password, chosen at random once for this home."""
    path = home.settings.home / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(6), encoding="utf-8")
    return path.read_text(encoding="utf-8")
