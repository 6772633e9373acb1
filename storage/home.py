"""One site's storage, opened: database, keys, vault, search index, clock. No nouns, no rules."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from storage.clock import Clock, system_clock
from storage.database import make_engine, plain_errors, session_of
from storage.errors import HomeNotWritable
from storage.migrations import bring_up_to_date
from storage.search import SearchIndex
from storage.settings import Settings
from storage.transaction import Transaction
from storage.vault import Vault
from storage.vault.blobs import BlobStore
from storage.vault.files import private_folder
from storage.vault.kek import KekEnvironment, KekFile, KekProvider
from storage.vault.keys import KeyStore, SiteKey


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that is kept, ready for use. Close it when done."""

    settings: Settings
    database: Engine
    keys: KeyStore
    vault: Vault
    search: SearchIndex
    clock: Clock

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock = system_clock) -> Self:
        """Open a site's storage, made on first use and brought up to date.

        Raises:
            HomeNotWritable: The home folder cannot be made or written to.
            DatabaseDamaged: The database file cannot be read.
            DatabaseTooNew: A newer Samspil has used the database.
            KekMissing: There are keys, but not the key-encryption key that opens them.
        """
        _check_writable(settings.home)
        with plain_errors():
            database = make_engine(settings.database())
            bring_up_to_date(database)
            keys = KeyStore(settings.keys(), keks=_keks(settings))
            search = SearchIndex.open(settings, key=lambda: keys.site_key(SiteKey.SEARCH))
        vault = Vault(_blobs(settings), keys=keys, spool=settings.home / "spool")
        return cls(settings, database, keys, vault, search, clock)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a unit of work that is kept if its block ends well, and undone if it does not."""
        with session_of(self.database, writing=True) as session:
            yield Transaction(session, self.keys, self.clock())

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a unit of work that only reads, and so waits for nobody."""
        with session_of(self.database, writing=False) as session:
            yield Transaction(session, self.keys, self.clock())

    def close(self) -> None:
        """Close all connections."""
        self.search.close()
        self.keys.close()
        self.database.dispose()


def _check_writable(home: Path) -> None:
    try:
        private_folder(home.absolute())
    except OSError as error:
        raise HomeNotWritable from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeNotWritable


def _keks(settings: Settings) -> KekProvider:
    if settings.key_encryption_key is None:
        return KekFile(settings.home / "keys" / "kek")
    return KekEnvironment(settings.key_encryption_key.get_secret_value())


def _blobs(settings: Settings) -> BlobStore:
    if not settings.s3_bucket:
        return BlobStore.local(settings.home / "vault")
    secrets = (settings.s3_access_key, settings.s3_secret_key)
    access_key, secret_key = (secret.get_secret_value() if secret else "" for secret in secrets)
    return BlobStore.s3(
        settings.s3_bucket,
        endpoint=settings.s3_endpoint,
        access_key_id=access_key,
        secret_access_key=secret_key,
        region=settings.s3_region,
    )
