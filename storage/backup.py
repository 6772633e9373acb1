"""Backups: every table's rows as JSON lines, the vault's ciphertext as it is, and a manifest.

They are the same from SQLite and PostgreSQL, from a folder and from S3, and never hold a key:
whoever finds one reads ids, times and ciphertext. Sign-ins, the search index and the work queue
stay out; they are made anew. Putting one back is in ``storage.restoring``.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from storage.errors import BackupDamaged, BackupTooNew, FolderNotEmpty
from storage.home import Home
from storage.migrations import known_revisions
from storage.vault.blobs import BlobRef, BlobStore
from storage.vault.errors import BlobMissing
from storage.vault.files import PrivateFile, private_folder, sync_folder
from storage.vault.segments import write_all

FORMAT: Final = "samspil-backup-1"
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
VAULT: Final = "vault"
LEFT_OUT: Final = frozenset({"sessions", "workers"})
"""Who is signed in, and which workers live: true of one moment only."""
_CHUNK_BYTES = 8 * 1024 * 1024
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a backup, named from its folder."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup consists of.

    Attributes:
        revision: The shape of the tables, as the migrations name it.
        audit_seq: The last entry of the audit log that is in it.
    """

    made_at: datetime
    revision: str
    audit_seq: int
    files: tuple[Written, ...]


def back_up(home: Home, folder: Path) -> Manifest:
    """Write a backup of a site into a new folder, while others go on working.

    The rows are of one moment. Blobs are never changed, so copying them after that is as good; one
    that is erased meanwhile is left out. The manifest comes last: without it, it is no backup.

    Raises:
        FolderNotEmpty: There is something in the folder.
    """
    private_folder(folder)
    if any(folder.iterdir()):
        raise FolderNotEmpty
    made_at = home.clock()
    files: list[Written] = []
    snapshot = home.database.execution_options(writing=False)
    if home.database.dialect.name == "postgresql":
        snapshot = snapshot.execution_options(isolation_level="REPEATABLE READ")
    private_folder(folder / TABLES)
    with snapshot.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision() or ""
        for name, table in SQLModel.metadata.tables.items():
            if name not in LEFT_OUT:
                rows = connection.execution_options(yield_per=_AT_ONCE).execute(
                    table.select().order_by(*table.primary_key.columns)
                )
                lines = (_line(dict(row._mapping)) for row in rows)  # noqa: SLF001 - a public name
                files.append(_write(folder, f"{TABLES}/{name}.jsonl", lines))
        audit_seq = _last_audit_entry(connection)
    files.extend(_copy_blobs(home.vault.store, folder))
    manifest = Manifest(made_at, revision, audit_seq, tuple(files))
    said = {"format": FORMAT, **asdict(manifest), "made_at": made_at.isoformat()}
    _write(folder, MANIFEST, [json.dumps(said, indent=1).encode()])
    return manifest


def manifest_of(folder: Path) -> Manifest:
    """Return what a folder's backup consists of, after checking every file of it.

    Raises:
        BackupDamaged: A file is missing, was put in or was changed, or there is no manifest.
        BackupTooNew: A newer Samspil has made it.
    """
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        if said["format"] != FORMAT:
            raise BackupTooNew
        manifest = Manifest(
            made_at=datetime.fromisoformat(said["made_at"]),
            revision=str(said["revision"]),
            audit_seq=int(said["audit_seq"]),
            files=tuple(Written(**each) for each in said["files"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(MANIFEST) from error
    if manifest.revision not in known_revisions():
        raise BackupTooNew
    named = {each.name for each in manifest.files} | {MANIFEST}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_file() and name not in named:
            raise BackupDamaged(name)
    for each in manifest.files:
        if _digest_of(folder, each.name) != each:
            raise BackupDamaged(each.name)
    return manifest


def _digest_of(folder: Path, name: str) -> Written:
    digest = hashlib.sha256()
    size = 0
    try:
        with (folder / name).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise BackupDamaged(name) from error
    return Written(name, size, digest.hexdigest())


def sealed_chunks(store: BlobStore, ref: BlobRef) -> Iterator[bytes]:
    """Yield a blob's ciphertext as it lies in the store."""
    for offset in range(0, ref.size, _CHUNK_BYTES):
        yield bytes(store.read_at(ref.key, offset, _CHUNK_BYTES))


def _copy_blobs(store: BlobStore, folder: Path) -> Iterator[Written]:
    for ref in store.list():
        name = f"{VAULT}/{ref.key}"
        private_folder((folder / name).parent)
        try:
            yield _write(folder, name, sealed_chunks(store, ref))
        except BlobMissing:
            (folder / name).unlink(missing_ok=True)


def _write(folder: Path, name: str, chunks: Iterator[bytes] | list[bytes]) -> Written:
    digest = hashlib.sha256()
    size = 0
    path = folder / name
    with PrivateFile(path, "xb") as file:
        for chunk in chunks:
            write_all(file, chunk)
            digest.update(chunk)
            size += len(chunk)
        file.sync()
    sync_folder(path.parent)
    return Written(name, size, digest.hexdigest())


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps({key: _plain(value) for key, value in row.items()}).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _last_audit_entry(connection: Connection) -> int:
    audit = SQLModel.metadata.tables["audit"]
    query = audit.select().with_only_columns(audit.c.seq).order_by(audit.c.seq.desc()).limit(1)
    return connection.scalar(query) or 0
