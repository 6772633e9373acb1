"""Connections and transactions, the same on SQLite and PostgreSQL. No tables, no queries.

SQLite: write-ahead log, foreign keys, secure delete; a writing transaction takes the write lock at
its start, which spares the deadlock of two readers that both want to upgrade.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, make_url
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, create_engine

from storage.errors import DatabaseDamaged, NotFound, RestoreUnfinished

_BUSY_MS = 15_000
_BUSY_LOOK_S = 0.01
_PRAGMAS = (
    f"busy_timeout={_BUSY_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
)
_DAMAGED = ("malformed", "not a database")
ERASED = "recording is erased"
"""What the database's own triggers say when something is written about an erased recording."""

RESTORING = "restoring"
"""The table that is there while a backup is being put back, and only then."""


def make_engine(url: str) -> Engine:
    """Return an engine for a database URL; a SQLite file's folder is made if it is missing."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def session_of(engine: Engine, *, writing: bool) -> Iterator[Session]:
    """Give a session that commits on success and rolls back on any error.

    On SQLite a writing session takes the write lock at once; a reading one never waits for it.

    Raises:
        DatabaseDamaged: A page of the database file cannot be read.
        NotFound: Something was written about a recording that is erased.
    """
    bound = engine.execution_options(writing=writing)
    with plain_errors(), Session(bound, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what databases say into what storage says, where that is known."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        said = str(error.orig if isinstance(error, DatabaseError) else error)
        if any(sign in said for sign in _DAMAGED):
            raise DatabaseDamaged from error
        if ERASED in said:
            raise NotFound(ERASED) from error
        raise


def check_not_restoring(engine: Engine) -> None:
    """Refuse a database into which a backup is being put back.

    Raises:
        RestoreUnfinished: It is; what has been erased since the backup may still be in it.
    """
    if inspect(engine).has_table(RESTORING):
        raise RestoreUnfinished


def is_sound(url: str) -> bool:
    """Return whether a database can be read from end to end. A server looks after its own."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not Path(parsed.database or "").exists():
        return True
    engine = make_engine(url)
    try:
        with engine.execution_options(writing=False).connect() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    except (DatabaseError, sqlite3.DatabaseError):
        return False
    finally:
        engine.dispose()
    return bool(said == "ok")


def remove_sqlite(url: str) -> None:
    """Remove a SQLite database, if it is there."""
    file = make_url(url).database
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own type
    connection.isolation_level = None  # SQLAlchemy's "begin" event starts transactions
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _use_write_ahead_log(connection)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch a new file over. That takes the file alone and, unlike all else, never waits."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_BUSY_LOOK_S)
        else:
            return


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
