"""What the holder of a code is told: own answers, who has seen the film, what is held, till when.

Only what is the person's own. Another's answer is never told, only whether the film is in use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from consent.days import day_of
from consent.model import Evidence, GapKind, Jurisdiction, Participant, Purpose, RecordingId
from consent.notices import Notice, audience_for
from review_app.commands.answering import Answered, voice_of
from storage import access_asks, accounts, audit, consent_ledger, courses, holds, recordings
from storage.erasure import erasures
from storage.holdings import holdings_of
from storage.notices import notice
from storage.records import (
    AccessAsk,
    AuditEntry,
    CodeHolder,
    Course,
    Erasure,
    Holding,
    Recording,
    UserId,
    UserRole,
)
from storage.transaction import Transaction

_OPENED, _VIEWED, _EXPORTED = "opened", "viewed", "exported"
_SEEN: Final = (_OPENED, _VIEWED, _EXPORTED)
"""What the audit log calls it when someone was sent a film, saw it, or took a part of it out."""


class Film(StrEnum):
    """How the film stands, as everyone with a say may know it."""

    IN_USE = "in_use"
    WAITING = "waiting"
    CLOSED = "closed"
    HELD = "held"


class Viewer(StrEnum):
    """Who has seen a film, as the person knows them. Never a name."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    GUEST = "guest"
    ADMINISTRATOR = "administrator"
    OTHER = "other"


_BY_ROLE: Final = {
    UserRole.ADMINISTRATOR: Viewer.ADMINISTRATOR,
    UserRole.CASEWORKER: Viewer.GUEST,
    UserRole.SUPERVISOR: Viewer.SUPERVISOR,  # of the course before
}


@dataclass(frozen=True, slots=True)
class Look:
    """That someone saw the film on a day, and which parts.

    Attributes:
        parts: Half-open stretches in milliseconds, merged and in order.
    """

    viewer: Viewer
    action: str
    at: datetime
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """The film is erased, or its erasure has begun."""

    erasure: Erasure


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that one person is told about one film."""

    recording: Recording
    day: date
    today: date
    erase_on: date | None
    person: Participant
    notice: Notice
    film: Film
    has_say: bool
    answers: Mapping[Purpose, Answered]
    history: tuple[Evidence, ...]
    looks: tuple[Look, ...]
    holdings: tuple[Holding, ...]
    asked: AccessAsk | None


def standing_of(tx: Transaction, holder: CodeHolder, *, language: str) -> Standing | Gone:
    """Return what the holder of a code is told in a language.

    Raises:
        Denied: The person is no longer on the roster.
    """
    for erasure in erasures(tx):
        if erasure.recording == holder.recording:
            return Gone(erasure)
    voice = voice_of(tx, holder)
    question = voice.question
    recording = recordings.recording(tx, holder.recording)
    audience = audience_for(voice.person, on=question.today, jurisdiction=question.jurisdiction)
    asks = (each for each in access_asks.open_of(tx, recording.id) if each.person == holder.person)
    return Standing(
        recording=recording,
        day=question.recorded_on,
        today=question.today,
        erase_on=consent_ledger.erase_day(tx, recording.id),
        person=voice.person,
        notice=notice(audience, language=language),
        film=_film(tx, recording.id),
        has_say=voice.counts,
        answers={
            purpose: voice.answered(consent_ledger.question(tx, recording.id, purpose=purpose))
            for purpose in Purpose
        },
        history=tuple(each for each in voice.evidence if each.person == holder.person),
        looks=_looks(tx, recording, profile=question.jurisdiction),
        holdings=holdings_of(tx, recording.id, person=voice.person.person),
        asked=next(asks, None),
    )


def _film(tx: Transaction, recording: RecordingId) -> Film:
    why = {gap.kind for gap in consent_ledger.gaps(tx, recording)}
    if GapKind.WITHDRAWN in why:
        return Film.HELD if holds.is_held(tx, recording) else Film.CLOSED
    return Film.WAITING if why else Film.IN_USE


def _looks(tx: Transaction, recording: Recording, *, profile: Jurisdiction) -> tuple[Look, ...]:
    """Return who saw the film, one line for each viewer, kind and day, in order.

    That someone was sent it is told only where nothing shows that they saw it: pictures or text
    may have been read, or the film never played.
    """
    course = courses.course(tx, recording.course)
    days: dict[tuple[Viewer, str, date], list[AuditEntry]] = {}
    for entry in audit.entries_about(tx, recording.id):
        if entry.action in _SEEN:
            viewer = _viewer(tx, entry.actor, recording=recording, course=course)
            key = viewer, entry.action, day_of(entry.at, profile)
            days.setdefault(key, []).append(entry)
    return tuple(
        Look(viewer, action, entries[0].at, _merged(entries))
        for (viewer, action, on), entries in days.items()
        if action != _OPENED or (viewer, _VIEWED, on) not in days
    )


def _viewer(tx: Transaction, actor: str, *, recording: Recording, course: Course) -> Viewer:
    if actor == recording.owner:
        return Viewer.CASEWORKER
    if actor == course.supervisor:
        return Viewer.SUPERVISOR
    someone = accounts.people_named(tx, [UserId(actor)]).get(UserId(actor))
    return _BY_ROLE.get(someone.role, Viewer.OTHER) if someone else Viewer.OTHER


def _merged(entries: Iterable[AuditEntry]) -> tuple[tuple[int, int], ...]:
    spans = sorted(
        (int(entry.detail["from_ms"]), int(entry.detail["to_ms"]))
        for entry in entries
        if {"from_ms", "to_ms"} <= entry.detail.keys()
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
