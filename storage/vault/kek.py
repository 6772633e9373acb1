"""Where key-encryption keys live: a file, a setting, or whatever speaks ``KekProvider``.

A key-encryption key (KEK) wraps the keys of recordings; those are in keys.py. A KEK is named
by a digest of itself, so that the key store can say which one it needs without knowing it.
"""

import base64
import binascii
import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.vault.errors import (
    KekCopyUnwritable,
    KekElsewhere,
    KekFixed,
    KekInvalid,
    KekMissing,
    StoreFull,
    TamperedText,
)
from storage.vault.files import PrivateFile, private_folder, sync_folder
from storage.vault.segments import KEY_BYTES, write_all

NONCE_BYTES = 12


class KekProvider(Protocol):
    """Keeps key-encryption keys and uses them. A KMS adapter need never show one."""

    def ids(self) -> Sequence[str]:
        """Return the names of the KEKs at hand, newest first."""

    def create(self, *, other_than: str | None = None) -> str:
        """Return the name of a KEK that is stored safely and is not ``other_than``.

        Raises:
            KekFixed: This provider cannot make one.
        """

    def destroy(self, kek: str) -> bool:
        """Destroy a KEK; return False if that is up to the operator."""

    def wrap(self, secret: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret, encrypted and bound to the associated data.

        Raises:
            KekMissing: The KEK is not at hand.
        """

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret.

        Raises:
            KekMissing: The KEK is not at hand.
            TamperedText: It was wrapped for something else, or was changed.
        """


class KekFile:
    """KEKs in a file of its user alone, one base64 line each, newest first.

    It is read anew at each use, so that a rotation reaches every process at once. Losing it
    loses every recording, so it has a copy on another disk, the same at every moment but those
    between two writes: what is destroyed is gone from both.
    """

    def __init__(self, path: Path, *, copy: Path | None = None) -> None:
        self._path = path
        self._copy = copy

    def ids(self) -> Sequence[str]:
        """Return the names in the file, none if there is no file."""
        return list(_keys_in(self._path))

    def create(self, *, other_than: str | None = None) -> str:  # noqa: ARG002 - always new
        """Return the name of a new KEK, written and synced.

        Raises:
            KekElsewhere: There is no file, but a copy of one, which is not written over.
            KekCopyUnwritable: It would have no copy; it is not made.
        """
        key = os.urandom(KEY_BYTES)
        with self._alone():
            self._write([key, *_keys_in(self._path).values()])
        return name_of(key)

    def destroy(self, kek: str) -> bool:
        """Overwrite file and copy and leave this KEK out of the new ones.

        Raises:
            KekCopyUnwritable: The copy has it still, and so has the file.
        """
        with self._alone():
            keys = _keys_in(self._path)
            if kek in keys:
                self._write([key for name, key in keys.items() if name != kek])
        return True

    def wrap(self, secret: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret, encrypted with AES-256-GCM."""
        keys = _keys_in(self._path)
        return _wrap(secret, keys=keys, kek=kek, associated_data=associated_data)

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret."""
        keys = _keys_in(self._path)
        return _unwrap(wrapped, keys=keys, kek=kek, associated_data=associated_data)

    def copy_is_exact(self) -> bool:
        """Return whether the copy has the same KEKs; a missing one has not."""
        try:
            return (
                self._copy is not None
                and self._copy.exists()
                and _keys_in(self._copy) == _keys_in(self._path)
            )
        except (KekInvalid, OSError):
            return False

    def keep_copy(self) -> None:
        """Bring the copy to what the file has, if there is to be one and it differs.

        Raises:
            KekCopyUnwritable: Its folder cannot be written to.
        """
        with self._alone():
            if self._copy is not None and self._path.exists() and not self.copy_is_exact():
                self._write_copy(list(_keys_in(self._path).values()))

    def take_from_copy(self) -> None:
        """Make the file anew from its copy, if it is lost."""
        with self._alone():
            if self._copy is not None and self._copy.exists() and not self._path.exists():
                _replace(self._path, list(_keys_in(self._copy).values()))

    def _write(self, keys: list[bytes]) -> None:
        """Replace the copy, then the file, whose content says what has been done.

        Killed in between, a new KEK wraps nothing yet, and one to be destroyed is still in the
        file and is destroyed again: both open everything.
        """
        if self._copy is not None:
            if self._copy.exists() and not self._path.exists():
                raise KekElsewhere
            self._write_copy(keys)
        _replace(self._path, keys)

    def _write_copy(self, keys: list[bytes]) -> None:
        if self._copy is None:
            return
        try:
            _replace(self._copy, keys)
        except (OSError, StoreFull) as error:
            raise KekCopyUnwritable from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process write meanwhile: it would write back what was just destroyed."""
        folder = os.open(private_folder(self._path.parent), os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


class KekEnvironment:
    """KEKs from a setting: base64, newest first, separated by commas.

    Rotation is in the operator's hands: put a new key first, rotate, drop the old key.
    """

    def __init__(self, value: str) -> None:
        self._keys = _parse(value.replace(",", "\n"))
        if not self._keys:
            raise KekInvalid("the setting is empty")

    def ids(self) -> Sequence[str]:
        """Return the names of the keys that were given."""
        return list(self._keys)

    def create(self, *, other_than: str | None = None) -> str:
        """Return the name of the first key."""
        newest = next(iter(self._keys))
        if newest == other_than:
            raise KekFixed
        return newest

    def destroy(self, kek: str) -> bool:
        """Return whether the operator has already dropped it."""
        return kek not in self._keys

    def wrap(self, secret: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret, encrypted with AES-256-GCM."""
        return _wrap(secret, keys=self._keys, kek=kek, associated_data=associated_data)

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        """Return the secret."""
        return _unwrap(wrapped, keys=self._keys, kek=kek, associated_data=associated_data)


def name_of(key: bytes) -> str:
    """Return a KEK's name, which tells nothing about the key."""
    return hashlib.sha256(b"samspil kek name" + key).hexdigest()[:16]


def _keys_in(path: Path) -> dict[str, bytes]:
    """Return the KEKs in a file by name, newest first, none if there is no file."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KekInvalid("the key file is open to other users")
            return _parse(file.read())
    except FileNotFoundError:
        return {}


def _replace(path: Path, keys: list[bytes]) -> None:
    """Replace a key file. Killed at any point, either the old or the new one is whole."""
    folder = private_folder(path.parent)
    fresh = path.with_name(path.name + ".new")
    replaced = path.with_name(path.name + ".old")
    for leftover in (fresh, replaced):
        _scrub(leftover, live=path)
    with PrivateFile(fresh, "xb") as file:
        write_all(file, b"".join(base64.b64encode(key) + b"\n" for key in keys))
        os.fchmod(file.fileno(), 0o400)
        file.sync()
    if path.exists():
        os.link(path, replaced)
    fresh.replace(path)
    sync_folder(folder)
    _scrub(replaced, live=path)


def _scrub(path: Path, *, live: Path) -> None:
    """Overwrite and remove an old key file; a best effort where disks copy on write."""
    if not path.exists():
        return
    if not (live.exists() and live.samefile(path)):
        path.chmod(0o600)
        with path.open("r+b", buffering=0) as file:
            file.write(bytes(path.stat().st_size))
            os.fsync(file.fileno())
    path.unlink()


def _parse(untrusted_lines: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for line in untrusted_lines.split():
        try:
            key = base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            raise KekInvalid("a line is not base64") from None
        if len(key) != KEY_BYTES:
            raise KekInvalid(f"a key has {len(key)} bytes")
        keys[name_of(key)] = key
    return keys


def _wrap(secret: bytes, *, keys: Mapping[str, bytes], kek: str, associated_data: bytes) -> bytes:
    if kek not in keys:
        raise KekMissing(kek)
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys[kek]).encrypt(nonce, secret, associated_data)


def _unwrap(
    wrapped: bytes, *, keys: Mapping[str, bytes], kek: str, associated_data: bytes
) -> bytes:
    if kek not in keys:
        raise KekMissing(kek)
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(keys[kek]).decrypt(nonce, sealed, associated_data)
    except InvalidTag:
        raise TamperedText(f"a key wrapped by {kek}") from None
