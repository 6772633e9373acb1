"""Putting back a backup: into an empty site, and nothing opens before all that was erased is again.

What was erased since the backup was made is known from the log of deletions, which lies outside
the database. While a backup is being put back a table of its own says so, and no home opens; the
same call again begins anew and finishes.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    inspect,
    text,
)
from sqlmodel import select

from storage import audit, search
from storage.anchors import anchor, check_lengths
from storage.backup import LEFT_OUT, TABLES, VAULT, Manifest, manifest_of
from storage.clock import Clock, system_clock
from storage.database import (
    RESTORING,
    is_sound,
    make_engine,
    plain_errors,
    remove_sqlite,
    session_of,
)
from storage.erasure import STEPS, mark_erased
from storage.errors import DatabaseTooNew, HomeNotEmpty, NotFound, StillRunning
from storage.home import Home, keks_of
from storage.jurisdictions import today
from storage.migrations import begin_anew, bring_up_to_date, check_known
from storage.proof import Proof
from storage.recordings import recording
from storage.records import Anchor
from storage.settings import Settings
from storage.tables import WorkerRow
from storage.vault.blobs import BlobStore
from storage.vault.errors import BlobMissing
from storage.vault.kek import KekFile
from storage.vault.key_copies import put_back_keys
from storage.vault.keys import KeyStore, SiteKey

_AT_ONCE = 500
_ALIVE = timedelta(seconds=5)
_LAST = ("deletions",)
"""Once a recording is noted as erased, the database takes nothing more about it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back.

    Attributes:
        erased_again: Recordings in the backup that have been erased since.
    """

    manifest: Manifest
    erased_again: int


def restore(
    settings: Settings,
    folder: Path,
    *,
    keys: Path | None = None,
    replace: bool = False,
    clock: Clock = system_clock,
) -> Restored:
    """Put back a backup, and erase again what has been erased since it was made.

    Stop the app and all workers first. Killed at any point, it is finished by doing it again.

    Args:
        settings: The site to put it into; its keys and its proof folder are those of today.
        folder: The backup.
        keys: A copy of the key store, for a site whose own is lost.
        replace: What is there now may go.
        clock: What tells the moment.

    Raises:
        StillRunning: A worker has shown a sign of life in the last seconds.
        HomeNotEmpty: There is something here, and ``replace`` was not said.
        BackupDamaged: A file of the backup is missing or was changed; nothing was put back.
        BackupTooNew: A newer Samspil has made it.
        DatabaseTooNew: A newer Samspil has used the database; nothing was touched.
        ProofBroken: The log of deletions was changed: nobody knows what must stay erased.
        ProofCut: Part of it is missing.
    """
    manifest = manifest_of(folder)
    if replace and not is_sound(settings.database()):
        remove_sqlite(settings.database())
    with plain_errors(), _engine(settings) as engine:
        _check_nobody_works(engine, now=clock())
        if not (replace or _is_being_restored(engine)):
            _check_empty(engine)
        goes_whole = _goes_whole(engine, replace=replace)
        if keys is not None:
            _take_kek_from_copy(settings)
            put_back_keys(settings.keys(), keys)
        _check_proof(settings)
        if goes_whole:
            engine.dispose()
            remove_sqlite(settings.database())
        _say_restoring(engine)
        search.discard(settings)
        _put_back_rows(engine, folder, manifest)
        bring_up_to_date(engine)
        with closing(Home.open(settings, clock=clock, restoring=True)) as home:
            with home.reading() as tx:
                check_lengths(tx, home.proof)
            _put_back_blobs(home.vault.store, folder, manifest, replace=replace)
            _anchor(home)
            erased_again = _erase_again(home)
        _say_restored(engine)
    return Restored(manifest, erased_again)


def _anchor(home: Home) -> None:
    """Say outside and in the log that what followed the backup's last entry is known to be gone."""
    with home.reading() as tx:
        end, day = audit.end(tx), today(tx, home.settings.jurisdiction)
    seq, mac = (end.seq, end.mac) if end else (0, "")
    anchor(home, Anchor(number=0, day=day, seq=seq, mac=mac, restored=True))


def _erase_again(home: Home) -> int:
    """Erase what the log of deletions names; a duty in an old backup keeps nothing back."""
    count = 0
    for erasure in home.proof.deletions():
        with home.transaction() as tx:
            try:
                was_here = recording(tx, erasure.recording).erased_at is None
            except NotFound:  # it came after the backup
                known = False
            else:
                known = True
                mark_erased(tx, erasure)
        if known:
            for step in STEPS:
                step(home, erasure.recording)
            count += was_here
        else:
            home.vault.erase(erasure.recording)
    return count


def _put_back_rows(engine: Engine, folder: Path, manifest: Manifest) -> None:
    """Fill empty tables of the backup's own shape, all of them or none."""
    with engine.begin() as connection:
        begin_anew(connection, revision=manifest.revision)
        shape = MetaData()
        shape.reflect(connection, resolve_fks=True)
        names = {Path(each.name).stem for each in manifest.files if each.name.startswith(TABLES)}
        order = [t for t in shape.sorted_tables if t.name in names and t.name not in LEFT_OUT]
        for table in sorted(order, key=lambda table: table.name in _LAST):
            path = folder / TABLES / f"{table.name}.jsonl"
            rows = _rows(path, table, connection)
            while some := list(islice(rows, _AT_ONCE)):
                connection.execute(table.insert(), some)


def _rows(path: Path, table: Table, connection: Connection) -> Iterator[dict[str, Any]]:
    aware = connection.dialect.name == "postgresql"
    with path.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            yield {key: _parsed(value, table, key, aware=aware) for key, value in row.items()}


def _parsed(value: Any, table: Table, column: str, *, aware: bool) -> Any:  # noqa: ANN401 - a JSON value
    kind = table.c[column].type
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment if aware else moment.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _put_back_blobs(store: BlobStore, folder: Path, manifest: Manifest, *, replace: bool) -> None:
    """Bring the store to what the backup has; what is there already is not copied again."""
    wanted = {
        each.name.removeprefix(f"{VAULT}/"): each.size
        for each in manifest.files
        if each.name.startswith(f"{VAULT}/")
    }
    for ref in list(store.list()):
        if wanted.get(ref.key, ref.size) != ref.size or (replace and ref.key not in wanted):
            store.delete(ref.key)
    for key, size in wanted.items():
        if not _has(store, key, size=size):
            with (folder / VAULT / key).open("rb") as file:
                store.put(key, file)


def _has(store: BlobStore, key: str, *, size: int) -> bool:
    try:
        return store.size(key) == size
    except BlobMissing:
        return False


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = make_engine(settings.database())
    try:
        yield engine
    finally:
        engine.dispose()


def _is_being_restored(engine: Engine) -> bool:
    return inspect(engine).has_table(RESTORING)


def _take_kek_from_copy(settings: Settings) -> None:
    """Put the key-encryption key in its place again, if it is lost and there is a copy."""
    keks = keks_of(settings)
    if isinstance(keks, KekFile):
        keks.take_from_copy()


def _check_proof(settings: Settings) -> None:
    """Read the log of deletions with the site's keys, before anything is touched."""
    with closing(KeyStore(settings.keys(), keks=keks_of(settings))) as keys:
        Proof(settings.proof_folder(), key=lambda: keys.site_key(SiteKey.PROOF)).deletions()


def _check_nobody_works(engine: Engine, *, now: datetime) -> None:
    if not inspect(engine).has_table(str(WorkerRow.__tablename__)):
        return
    with session_of(engine, writing=False) as session:
        if session.exec(select(WorkerRow).where(WorkerRow.seen_at > now - _ALIVE)).first():
            raise StillRunning


def _check_empty(engine: Engine) -> None:
    """Refuse a database in which anybody has an account or anything was done."""
    with engine.execution_options(writing=False).connect() as connection:
        for name in ("users", "recordings", "audit"):
            there = inspect(connection).has_table(name)
            if there and connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first():  # noqa: S608 - one of three constants
                raise HomeNotEmpty


def _goes_whole(engine: Engine, *, replace: bool) -> bool:
    """Return whether a newer Samspil has used the database, whose tables nobody here can undo.

    A file then goes whole, if it may go; in a server's database there may be more than ours.
    """
    try:
        with engine.execution_options(writing=False).connect() as connection:
            check_known(connection)
    except DatabaseTooNew:
        if not (replace and engine.dialect.name == "sqlite"):
            raise
        return True
    return False


def _say_restoring(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {RESTORING} (since text)"))


def _say_restored(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {RESTORING}"))
