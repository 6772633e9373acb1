"""Accounts and courses."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from storage.records.ids import CourseId, UserId


class UserRole(StrEnum):
    """What an account is for. Content opens by relationship, never by role alone."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"


@dataclass(frozen=True, slots=True)
class User:
    """One account.

    Attributes:
        reaction_ms: How late this hand is when it marks a running film.
        pre_roll_ms: How much earlier than that its marks begin.
    """

    id: UserId
    login: str
    name: str
    role: UserRole
    language: str = "da"
    reaction_ms: int = 400
    pre_roll_ms: int = 0


class Package(StrEnum):
    """Themes of the course: for the newly trained, for the experienced."""

    ONE = "package_1"
    TWO = "package_2"


@dataclass(frozen=True, slots=True)
class Course:
    """Twenty weeks of one caseworker with one supervisor.

    Attributes:
        leader: Who is told when someone in the review is worried about a child.
    """

    id: CourseId
    caseworker: UserId
    supervisor: UserId
    coordinator: UserId | None
    package: Package
    starts_on: date
    weeks: int = 20
    leader: UserId | None = None

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        return self.starts_on + timedelta(weeks=self.weeks)

    @property
    def told_of_concerns(self) -> UserId | None:
        """The leader, else the coordinator; None if neither is named."""
        return self.leader or self.coordinator
