"""The key of each recording and course, wrapped; its destruction; the rotation of what wraps it.

The key store is a database of its own (a SQLite file or a PostgreSQL database), kept apart
from the data and its backups: who holds an old backup of the data holds no keys. What wraps
the keys is in kek.py. Destroying a key makes all content of that recording unreadable at
once; old backups *of the key store* follow at the next rotation, which destroys the KEK that
they need.
"""

import hashlib
import hmac
import io
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.engine import make_url

from consent.model import RecordingId
from storage.database import make_engine
from storage.records.ids import CourseId
from storage.vault.errors import KekFixed, KekMissing, KeyDestroyed, KeyMissing, RotationOvertaken
from storage.vault.files import private_folder
from storage.vault.kek import KekProvider
from storage.vault.segments import KEY_BYTES

REWRAPPED_AT_ONCE = 200
"""Keys per transaction of a rotation: others wait some hundredths of a second for it."""
TRIAL = "trial-"
"""How the ids of test recordings begin: their keys live for seconds, and no copy has them."""
SETUP_LOCK = 0x5A35_9171
"""Any number; PostgreSQL processes that start together make the tables one after another."""


class SiteKey(StrEnum):
    """Keys that belong to the installation and outlive every recording."""

    AUDIT = "audit"
    FINGERPRINT = "fingerprint"
    BIRTH_DATES = "birth-dates"
    SEARCH = "search"
    CONSENT_CODES = "consent-codes"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did.

    Attributes:
        kek: The name of the KEK that wraps everything now.
        rewrapped: How many keys it was given.
        left_to_operator: Older KEKs that the operator must drop from the settings.
    """

    kek: str
    rewrapped: int
    left_to_operator: tuple[str, ...]


_metadata = MetaData()
_ring = Table(
    "key_ring",
    _metadata,
    Column("id", String(1), primary_key=True),
    Column("kek", String(64), nullable=False),
)
_kept = Table(
    "wrapped_key",
    _metadata,
    Column("name", String(200), primary_key=True),
    Column("kek", String(64), nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
)
_destroyed = Table(
    "destroyed_key",
    _metadata,
    Column("name", String(200), primary_key=True),
)

_OF_TRIALS = _kept.c.name.startswith(f"recording:{TRIAL}")


class KeyStore:
    """Keeps one key per recording, one per course, and a few for the installation.

    Every write takes the store's one lock (the ring's row), so a rotation never misses a key
    that is made beside it, and never destroys a KEK that one still needs.
    """

    def __init__(self, url: str, *, keks: KekProvider) -> None:
        self._engine = _engine(url)
        self._keks = keks
        self._site: dict[SiteKey, bytes] = {}
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise

    def create(self, recording: RecordingId) -> None:
        """Make the recording's key, unless it has one.

        Raises:
            KeyDestroyed: It had one; a recording is never given a second key.
        """
        with self._locked() as connection:
            self._create(connection, _name(recording))

    def data_key(self, recording: RecordingId) -> bytes:
        """Return the recording's key. Never keep it: ask again for each use.

        Raises:
            KeyDestroyed: Its content is gone for good.
            KeyMissing: It was never given one.
        """
        return self._key(_name(recording))

    def destroy(self, recording: RecordingId) -> None:
        """Destroy the recording's key, and refuse to make it another one, ever."""
        self._destroy(_name(recording))

    def site_key(self, name: SiteKey) -> bytes:
        """Return a key of the installation, made when it is first asked for.

        It is never destroyed, so it is read once: each entry of the audit log needs one.
        """
        if name not in self._site:
            self._site[name] = self._made(f"site:{name}")
        return self._site[name]

    def course_key(self, course: CourseId) -> bytes:
        """Return the key of what a caseworker writes for a course, made when first asked for.

        Raises:
            KeyDestroyed: What was written is gone for good.
        """
        return self._made(_of_course(course))

    def destroy_course_key(self, course: CourseId) -> None:
        """Destroy a course's key, and refuse to make it another one, ever."""
        self._destroy(_of_course(course))

    def fingerprint(self, content: bytes | BinaryIO) -> str:
        """Return a keyed digest, the same for the same bytes, for finding duplicates.

        Who reads the database but has no keys cannot test whether a given file is in it.
        """
        key = self.site_key(SiteKey.FINGERPRINT)
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        digest = hmac.new(key, digestmod=hashlib.sha256)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()

    def rotate(self) -> Rotation:
        """Wrap every key by a new KEK and destroy all older ones.

        Killed at any point it leaves everything readable, and the next call finishes what
        was begun before it begins anew.

        Raises:
            KekFixed: The operator has not given a new KEK.
            RotationOvertaken: Another process rotates at the same time.
        """
        finished = self._finish_rotation(self._current())
        try:
            with self._locked() as connection:
                kek = self._keks.create(other_than=self._ring_kek(connection))
                connection.execute(_ring.update().values(kek=kek))
        except KekFixed:
            if finished.rewrapped:
                return finished  # the operator's newest key is in use since the kill
            raise
        return self._finish_rotation(kek)

    def superseded(self) -> tuple[str, ...]:
        """Return the KEKs at hand that wrap nothing any more; the operator has yet to drop them."""
        current = self._current()
        return tuple(kek for kek in self._keks.ids() if kek != current)

    def trials(self) -> tuple[RecordingId, ...]:
        """Return the test recordings that have a key at this moment."""
        query = _kept.select().where(_OF_TRIALS).with_only_columns(_kept.c.name)
        with self._engine.connect().execution_options(writing=False) as connection:
            names = connection.execute(query.order_by(_kept.c.name)).scalars()
            return tuple(RecordingId(name.partition(":")[2]) for name in names)

    def rows(self) -> dict[str, list[dict[str, object]]]:
        """Return what is to be copied, wrapped as it is, as of one moment."""
        chosen = {_kept.name: _kept.select().where(~_OF_TRIALS)}
        with self._locked() as connection:
            return {
                table.name: [
                    dict(row._mapping)  # noqa: SLF001 - a public name that begins so
                    for row in connection.execute(chosen.get(table.name, table.select()))
                ]
                for table in _metadata.sorted_tables
            }

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _set_up(self) -> None:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({SETUP_LOCK})"))
            _metadata.create_all(connection)
            kek = connection.scalar(_ring.select().with_only_columns(_ring.c.kek))
            if kek is None:
                kek = next(iter(self._keks.ids()), None) or self._keks.create()
                connection.execute(_ring.insert().values(id="1", kek=kek))
        if kek not in self._keks.ids():
            raise KekMissing(kek)

    def _destroy(self, name: str) -> None:
        with self._locked() as connection:
            connection.execute(_kept.delete().where(_kept.c.name == name))
            query = _destroyed.select().where(_destroyed.c.name == name)
            if connection.execute(query).first() is None:
                connection.execute(_destroyed.insert().values(name=name))
        self._sweep()

    def _made(self, name: str) -> bytes:
        try:
            return self._key(name)
        except KeyMissing:
            with self._locked() as connection:
                self._create(connection, name)
            return self._key(name)

    def _key(self, name: str) -> bytes:
        try:
            return self._read(name)
        except KekMissing:  # a rotation may have passed between reading and unwrapping
            return self._read(name)

    def _read(self, name: str) -> bytes:
        with self._engine.connect().execution_options(writing=False) as connection:
            row = connection.execute(_kept.select().where(_kept.c.name == name)).first()
            if row is None:
                destroyed = _destroyed.select().where(_destroyed.c.name == name)
                gone = connection.execute(destroyed).first() is not None
                raise KeyDestroyed(name) if gone else KeyMissing(name)
        return self._unwrap(name, kek=row.kek, wrapped=row.wrapped)

    def _create(self, connection: Connection, name: str) -> None:
        destroyed = _destroyed.select().where(_destroyed.c.name == name)
        if connection.execute(destroyed).first() is not None:
            raise KeyDestroyed(name)
        if connection.execute(_kept.select().where(_kept.c.name == name)).first() is None:
            kek = self._ring_kek(connection)
            wrapped = self._wrap(name, kek=kek, secret=os.urandom(KEY_BYTES))
            connection.execute(_kept.insert().values(name=name, kek=kek, wrapped=wrapped))

    def _finish_rotation(self, kek: str) -> Rotation:
        """Bring every key under this KEK, then destroy the others."""
        rewrapped = 0
        while done := self._rewrap_some(kek):
            rewrapped += done
        with self._locked() as connection:
            self._check_current(connection, kek)
            older = [other for other in self._keks.ids() if other != kek]
            left = tuple(other for other in older if not self._keks.destroy(other))
        return Rotation(kek, rewrapped, left)

    def _rewrap_some(self, kek: str) -> int:
        with self._locked() as connection:
            self._check_current(connection, kek)
            query = _kept.select().where(_kept.c.kek != kek).limit(REWRAPPED_AT_ONCE)
            rows = connection.execute(query).all()
            for row in rows:
                secret = self._unwrap(row.name, kek=row.kek, wrapped=row.wrapped)
                wrapped = self._wrap(row.name, kek=kek, secret=secret)
                update = _kept.update().where(_kept.c.name == row.name)
                connection.execute(update.values(kek=kek, wrapped=wrapped))
        return len(rows)

    def _check_current(self, connection: Connection, kek: str) -> None:
        if self._ring_kek(connection) != kek:
            raise RotationOvertaken

    def _current(self) -> str:
        with self._locked() as connection:
            return self._ring_kek(connection)

    def _ring_kek(self, connection: Connection) -> str:
        return str(connection.execute(_ring.select()).one().kek)

    def _wrap(self, name: str, *, kek: str, secret: bytes) -> bytes:
        return self._keks.wrap(secret, kek=kek, associated_data=_bound_to(name, kek=kek))

    def _unwrap(self, name: str, *, kek: str, wrapped: bytes) -> bytes:
        return self._keks.unwrap(wrapped, kek=kek, associated_data=_bound_to(name, kek=kek))

    @contextmanager
    def _locked(self) -> Generator[Connection]:
        """Open a transaction that no other writer's runs beside."""
        with self._engine.begin() as connection:
            connection.execute(_ring.select().with_for_update())
            yield connection

    def _sweep(self) -> None:
        """Clear what deleted rows leave behind in the log of SQLite or the pages of PostgreSQL."""
        if self._engine.dialect.name == "sqlite":
            with closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with self._engine.connect() as outer:
                outside = outer.execution_options(isolation_level="AUTOCOMMIT")
                outside.exec_driver_sql("VACUUM wrapped_key")


def load_rows(url: str, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> bool:
    """Fill an empty store with what ``KeyStore.rows`` gave; return False if it has other keys."""
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            _metadata.create_all(connection)
            there = set(
                connection.execute(_kept.select().with_only_columns(_kept.c.name)).scalars()
            )
            if there:
                return there == {row["name"] for row in rows.get(_kept.name, ())}
            for table in _metadata.sorted_tables:
                connection.execute(table.delete())
                if found := rows.get(table.name):
                    connection.execute(table.insert(), list(found))
    finally:
        engine.dispose()
    return True


def _name(recording: RecordingId) -> str:
    return f"recording:{recording}"


def _of_course(course: CourseId) -> str:
    return f"course:{course}"


def _bound_to(name: str, *, kek: str) -> bytes:
    return f"v1|{name}|{kek}".encode()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        private_folder(path.parent)
        path.touch(mode=0o600)
    engine = make_engine(url)
    engine.hide_parameters = True  # no key, wrapped or not, in an error's words
    return engine
