"""The demonstration: a home with people, a course, consents, and the sample recording in it."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from consent.model import RecordingId
from pipeline import intake
from storage import accounts, courses, recordings
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
    """The demonstration's people and their recording."""

    people: tuple[User, ...]
    password: str
    course: Course
    recording: RecordingId


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
                starts_on=tx.at.date() - timedelta(weeks=2),
            )
        )
        every = recordings.recordings_of(tx, course=course.id)
        earlier = [recording for recording in every if recording.erased_at is None]
        today = tx.at
    recording = (
        earlier[0].id
        if earlier
        else intake.register(
            home,
            NewRecording(
                course=course.id,
                recorded_at=today - timedelta(days=1),
                roster=intake.roster_of(youth_born=_birth_date(today.date()), custody_holders=1),
            ),
            owner=caseworker.id,
            agreed=True,
        )
    )
    return Demo(tuple(people), password, course, recording)


def _birth_date(today: date) -> date:
    return today - _YOUTH_AGE


def _password(home: Home) -> str:
    """Return the demonstration's password, chosen at random once for this home."""
    path = home.settings.home / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(6), encoding="utf-8")
    return path.read_text(encoding="utf-8")
