"""What every repository function is given first: a session, the keys, and the moment.

Only storage looks inside. The other rooms get one from ``Home`` and pass it on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlmodel import Session, SQLModel

from consent.model import RecordingId
from consent.rules import Profiles
from storage.errors import NotFound
from storage.profiles import shipped_profiles
from storage.records import CourseId
from storage.vault.keys import SiteKey
from storage.vault.sealing import seal, unseal, unseal_text

_Row = TypeVar("_Row", bound=SQLModel)


class DataKeys(Protocol):
    """Where the recordings' own keys are."""

    def data_key(self, recording: RecordingId) -> bytes:
        """Return a recording's 32-byte key, or raise if it has been destroyed."""
        ...

    def create(self, recording: RecordingId) -> None:
        """Make the key of a new recording."""
        ...

    def course_key(self, course: CourseId) -> bytes:
        """Return a course's 32-byte key, made on first use, or raise if it has been destroyed."""
        ...

    def site_key(self, name: SiteKey) -> bytes:
        """Return the site's own key of a name, made on first use."""
        ...


@dataclass(frozen=True, slots=True)
class Transaction:
    """One unit of work. ``at`` is its moment, the same for everything written in it.

    Attributes:
        profiles: The jurisdictions' rules as the site has them.
    """

    session: Session
    keys: DataKeys
    at: datetime
    profiles: Profiles = field(default_factory=shipped_profiles)
    _opened: dict[RecordingId, bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def seal(self, text: str | bytes, *, recording: RecordingId, place: str) -> bytes:
        """Return text or bytes encrypted for one place (``table/id``) of one recording.

        The key is asked for anew: nothing is written under one that is destroyed by now.
        """
        return seal(
            text, key=self.keys.data_key(recording), associated_data=_bound(recording, place)
        )

    def unseal(self, sealed: bytes, *, recording: RecordingId, place: str) -> str:
        """Return what ``seal`` encrypted for the same place.

        Raises:
            KeyDestroyed: The recording has been erased.
        """
        key = self._opened_key(recording)
        return unseal_text(sealed, key=key, associated_data=_bound(recording, place))

    def seal_for_course(self, text: str, *, course: CourseId, place: str) -> bytes:
        """Return text encrypted for one place of a course: it is about no recording."""
        key = self.keys.course_key(course)
        return seal(text, key=key, associated_data=_bound(f"course:{course}", place))

    def unseal_for_course(self, sealed: bytes, *, course: CourseId, place: str) -> str:
        """Return what ``seal_for_course`` encrypted for the same place.

        Raises:
            KeyDestroyed: What was written for the course has been erased.
        """
        key = self.keys.course_key(course)
        return unseal_text(sealed, key=key, associated_data=_bound(f"course:{course}", place))

    def unseal_bytes(self, sealed: bytes, *, recording: RecordingId, place: str) -> bytes:
        """Return the bytes that ``seal`` encrypted for the same place.

        Raises:
            KeyDestroyed: The recording has been erased.
        """
        key = self._opened_key(recording)
        return unseal(sealed, key=key, associated_data=_bound(recording, place))

    def _opened_key(self, recording: RecordingId) -> bytes:
        """Return the key that what was read in this transaction is opened with.

        It is asked for once: unwrapping it for each of a recording's notes took longer than all
        else about them. It goes with the transaction.
        """
        if recording not in self._opened:
            self._opened[recording] = self.keys.data_key(recording)
        return self._opened[recording]

    def row(self, table: type[_Row], id_: object, *, lock: bool = False) -> _Row:
        """Return one row, locked against other writers until the transaction ends if asked.

        Raises:
            NotFound: No row has this id.
        """
        row = self.session.get(table, id_, with_for_update=lock or None)
        if row is None:
            raise NotFound(f"{table.__tablename__} {id_}")
        return row


def _bound(owner: str, place: str) -> bytes:
    return f"v1|{owner}|{place}".encode()
