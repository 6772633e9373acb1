"""The words of consent: people, purposes, evidence. Frozen values, no rules.

Names of persons never enter this room: a person is an id, a role and a birth date.
The terms follow ISO/IEC TS 27560:2023 and the W3C Data Privacy Vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

RecordingId = NewType("RecordingId", str)
PersonId = NewType("PersonId", str)
EvidenceId = NewType("EvidenceId", str)


class Role(StrEnum):
    """What a person is to the conversation."""

    YOUTH = "youth"
    CUSTODY_HOLDER = "custody_holder"
    PARENT = "parent"
    SUPPORT_PERSON = "support_person"
    INTERPRETER = "interpreter"
    NETWORK_PERSON = "network_person"
    CASEWORKER = "caseworker"


class Purpose(StrEnum):
    """What a recording may be used for. Each is asked for, and withdrawn, by itself."""

    SUPERVISION = "supervision"
    GROUP = "group"
    TRAINING = "training"
    RESEARCH = "research"
    STATISTICS = "statistics"


class Scope(StrEnum):
    """Which part of a recording an answer is about."""

    AUDIO = "audio"
    VIDEO = "video"
    TRANSCRIPT = "transcript"


EVERYTHING = frozenset(Scope)


class Event(StrEnum):
    """What happened to a person's answer. The latest one counts."""

    GIVEN = "given"
    REFUSED = "refused"
    RECONFIRMED = "reconfirmed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


AFFIRMATIVE = frozenset({Event.GIVEN, Event.RECONFIRMED})


class Method(StrEnum):
    """How an answer was given."""

    SIGNED_PAPER = "signed_paper"
    DIGITAL = "digital"
    SPOKEN = "spoken"


class Place(StrEnum):
    """Where an answer was given."""

    OFFICE = "office"
    HOME = "home"
    SCHOOL = "school"
    ONLINE = "online"
    ELSEWHERE = "elsewhere"


class CustodyGround(StrEnum):
    """Why someone has a say for a minor."""

    JOINT = "joint"
    SOLE = "sole"
    GUARDIAN = "guardian"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Participant:
    """One person on a recording's roster.

    Attributes:
        ground: Why a custody holder has a say.
        birth_date: Needed for the youth; decides whether custody holders are asked.
        present: Seen or heard in the recording. A custody holder may have a say without
            having been there.
    """

    person: PersonId
    role: Role
    birth_date: date | None = None
    present: bool = True
    ground: CustodyGround | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer by one person about one purpose; never changed, only followed by another.

    Attributes:
        at: The moment the answer was given.
        valid_from: First day of recording that the answer covers.
        valid_until: First day on which it no longer holds; None while there is no end.
        notice: Version of the notice that the person was shown.
        spoken_at_ms: Where on the recording a spoken answer is heard.
        written_by: The account that wrote the answer down; empty if the person gave it
            with their own code.
        scanned: The signed paper's picture is kept.
    """

    id: EvidenceId
    recording: RecordingId
    person: PersonId
    purpose: Purpose
    event: Event
    at: datetime
    method: Method
    valid_from: date
    valid_until: date | None = None
    scope: frozenset[Scope] = EVERYTHING
    language: str = "da"
    notice: str = ""
    spoken_at_ms: int | None = None
    place: Place = Place.OFFICE
    written_by: str = ""
    scanned: bool = False


class GapKind(StrEnum):
    """Why a person's answer does not carry a permit."""

    NOBODY_NAMED = "nobody_named"
    NO_YOUTH = "no_youth"
    NO_CUSTODY_HOLDER = "no_custody_holder"
    BIRTH_DATE_MISSING = "birth_date_missing"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    RECORDING_NOT_COVERED = "recording_not_covered"
    SCOPE_NOT_COVERED = "scope_not_covered"
    REASK_DUE = "reask_due"
    SCAN_MISSING = "scan_missing"
    NOT_HEARD = "not_heard"


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason why there is no permit, and whom it concerns."""

    kind: GapKind
    role: Role | None = None
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """That those who decide for the youth disagree, and who has said what."""

    yes: tuple[Participant, ...]
    no: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty to notify the authorities about a child, in words, and where the law stands."""

    text: str
    link: str


Texts = Mapping[str, str]
"""One text in each language, by language code."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The dated rules of one country.

    Mappings are left out of the hash, because a mapping has none.

    Attributes:
        majority_age: From this birthday the person's own consent suffices (years).
        unprocessed_days: How long a locked recording waits for consent before erasure, from
            the day it was added or closed.
        retention_days: How long a reviewed recording is kept before erasure.
        after_course_days: How long after the end of its course a recording is kept at most.
        time_zone: Name in the IANA database; decides when a day begins.
        reask_days: How long after coming of age a youth's answer as a minor still holds.
        scan_within_days: How long a signed paper counts before its picture is kept.
        access_days: By when a person who asks what is held gets an answer.
        retention_ground: Why a recording may be kept, and erased, in each language.
        signing: Who signs for a minor, in each language. It is told, not computed: that
            everyone with a say must agree is the gate's own rule, which no profile weakens.
        hold_texts: The grounds on which a recording may be held back from erasure, by code.
        duty: The duty to notify, by language.
        sources: The statutes it follows.
    """

    code: str
    in_force_from: date
    majority_age: int
    unprocessed_days: int
    retention_days: int
    sources: tuple[str, ...] = ()
    time_zone: str = "UTC"
    reask_days: int = 30
    scan_within_days: int = 14
    access_days: int = 28
    after_course_days: int = 30
    retention_ground: Texts = field(default_factory=dict, hash=False)
    signing: Texts = field(default_factory=dict, hash=False)
    hold_texts: Mapping[str, Texts] = field(default_factory=dict, hash=False)
    duty: Mapping[str, Duty] = field(default_factory=dict, hash=False)

    @property
    def hold_grounds(self) -> tuple[str, ...]:
        """The codes of the grounds on which a recording may be held back from erasure."""
        return tuple(self.hold_texts)
