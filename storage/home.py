"""One site's storage, opened: database, keys, vault, search index, clock. No nouns, no rules."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from consent.rules import Profiles
from storage.clock import Clock, system_clock
from storage.database import check_not_restoring, make_engine, plain_errors, session_of
from storage.errors import HomeNotWritable
from storage.migrations import bring_up_to_date
from storage.profiles import read_profiles
from storage.proof import Proof
from storage.search import SearchIndex
from storage.settings import Settings
from storage.transaction import Transaction
from storage.vault import Vault
from storage.vault.blobs import BlobStore
from storage.vault.errors import KeyServiceMissing
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
    proof: Proof
    clock: Clock
    profiles: Profiles

    @classmethod
    def open(
        cls, settings: Settings, *, clock: Clock = system_clock, restoring: bool = False
    ) -> Self:
        """Open a site's storage, made on first use and brought up to date.

        Args:
            settings: What the site has chosen.
            clock: What tells the moment.
            restoring: Open it even while a backup is being put back; for nothing but that.

        Raises:
            HomeNotWritable: The home folder cannot be made or written to.
            DatabaseDamaged: The database file cannot be read.
            DatabaseTooNew: A newer Samspil has used the database.
            RestoreUnfinished: A backup is being put back.
            KekMissing: There are keys, but not the key-encryption key that opens them.
            JurisdictionInvalid: A profile in the site's own folder has a mistake in it.
        """
        profiles = read_profiles(settings.jurisdictions_dir)
        _check_writable(settings.home)
        with plain_errors(), ExitStack() as opened:
            database = make_engine(settings.database())
            opened.callback(database.dispose)
            if not restoring:
                check_not_restoring(database)
            bring_up_to_date(database)
            keys = KeyStore(settings.keys(), keks=keks_of(settings))
            opened.callback(keys.close)
            search = SearchIndex.open(settings, key=lambda: keys.site_key(SiteKey.SEARCH))
            opened.pop_all()
        vault = Vault(blobs_of(settings), keys=keys, spool=settings.home / "spool")
        proof = Proof(settings.proof_folder(), key=lambda: keys.site_key(SiteKey.PROOF))
        return cls(settings, database, keys, vault, search, proof, clock, profiles)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a unit of work that is kept if its block ends well, and undone if it does not."""
        with session_of(self.database, writing=True) as session:
            yield Transaction(session, self.keys, self.clock(), self.profiles)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a unit of work that only reads, and so waits for nobody."""
        with session_of(self.database, writing=False) as session:
            yield Transaction(session, self.keys, self.clock(), self.profiles)

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


def keks_of(settings: Settings) -> KekProvider:
    """Return where the site's key-encryption keys are.

    Raises:
        KeyServiceMissing: A service was chosen whose adapter is not here.
    """
    if settings.key_service:
        return _key_service(settings.key_service)
    if settings.key_encryption_key is None:
        folder = settings.kek_backup_dir
        return KekFile(settings.home / "keys" / "kek", copy=folder / "kek" if folder else None)
    return KekEnvironment(settings.key_encryption_key.get_secret_value())


def _key_service(adapter: str) -> KekProvider:
    module, _, name = adapter.partition(":")
    try:
        make: Callable[[], KekProvider] = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise KeyServiceMissing(adapter) from None
    return make()


def blobs_of(settings: Settings) -> BlobStore:
    """Return the store of the site's ciphertext."""
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
