"""Where ciphertext is kept: a folder, an S3 bucket, or memory, behind one face.

Blobs are written whole under names that are never used twice, read in ranges, and deleted.
What is in them, and which name belongs to which recording, is the business of the vault
(__init__.py) and of the database.

On S3, give the bucket a lifecycle rule that aborts incomplete multipart uploads, and neither
versions nor object lock: erasing must erase.
"""

import io
import os
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store

from storage.vault.errors import BlobExists, BlobMissing, StoreFull, StoreUnreachable
from storage.vault.files import PrivateFile, private_folder, remove_unheld, sync_folder
from storage.vault.segments import write_all

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PART_BYTES = 8 * 1024 * 1024
"""One part of an upload to S3, which takes 10,000 of them: enough for 78 GiB."""
PARTS_AT_ONCE = 4
RETRIES = 4
"""Of one request to S3, within seconds; longer outages are for the durable jobs to sit out."""
SAYS_FULL = ("status: 507", "StorageFull", "QuotaExceeded")
"""How S3 servers say that they are full."""
INCOMING = ".incoming"
CHUNK_BYTES = 1024 * 1024
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A blob's name in the store, and how many bytes of ciphertext it has."""

    key: str
    size: int


class BlobStore:
    """A place for blobs. Make one with ``local``, ``s3`` or ``memory``.

    Attributes:
        distant: Each read is a request over the network, so fewer and larger ones are better.
    """

    def __init__(self, store: "ObjectStore", *, folder: Path | None, distant: bool) -> None:
        self._store = store
        self._folder = folder
        self.distant = distant

    @classmethod
    def local(cls, path: Path) -> Self:
        """Return a store in a folder: files 0600, folders 0700."""
        private_folder(path)
        store = LocalStore(path, automatic_cleanup=True)
        return cls(store, folder=path, distant=False)

    @classmethod
    def s3(
        cls,
        bucket: str,
        *,
        endpoint: str,
        access_key_id: str,
        secret_access_key: str,
        region: str = "us-east-1",
        prefix: str | None = None,
    ) -> Self:
        """Return a store in a bucket, which must exist."""
        store = S3Store(
            bucket,
            prefix=prefix,
            endpoint=endpoint,
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            region=region,
            virtual_hosted_style_request=False,
            retry_config={"max_retries": RETRIES},
            client_options={"allow_http": endpoint.startswith("http://")},
        )
        return cls(store, folder=None, distant=True)

    @classmethod
    def memory(cls) -> Self:
        """Return a store that forgets everything with the process."""
        return cls(MemoryStore(), folder=None, distant=False)

    def put(self, key: str, source: BinaryIO | Iterable[bytes]) -> BlobRef:
        """Store a blob; it can be seen once all of it is there, and never if this fails.

        Raises:
            BlobExists: The name is taken.
            StoreFull: There is no room for it.
        """
        self._check_free(key)
        chunks = _chunks(source)
        if self._folder is not None:
            return self._put_in_folder(self._folder, key, chunks)
        size = 0
        try:
            with (
                _plain_errors(key),
                obstore.open_writer(
                    self._store, key, buffer_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE
                ) as writer,
            ):
                for chunk in chunks:
                    size += writer.write(chunk)
        except BlobMissing:
            raise StoreUnreachable(f"no bucket for {key}") from None
        return BlobRef(key, size)

    def adopt(self, path: Path, *, key: str) -> BlobRef:
        """Take over a finished file of ciphertext; it is gone from where it was.

        In a folder of the same disk nothing is copied.

        Raises:
            BlobExists: The name is taken.
            StoreFull: There is no room for it.
        """
        if self._folder is not None and path.stat().st_dev == self._folder.stat().st_dev:
            self._check_free(key)
            return self._move(path, self._folder / key, key)
        with path.open("rb") as file:
            ref = self.put(key, file)
        path.unlink()
        return ref

    def read_at(self, key: str, offset: int, length: int) -> memoryview:
        """Return a range of a blob, shorter or empty where the blob ends.

        Raises:
            BlobMissing: There is no such blob.
        """
        if length <= 0:
            return memoryview(b"")
        if self._folder is not None:
            return _read_file(self._folder, key, offset=offset, length=length)
        with _plain_errors(key):
            try:
                return memoryview(obstore.get_range(self._store, key, start=offset, length=length))
            except BaseError:
                if offset < obstore.head(self._store, key)["size"]:
                    raise
                return memoryview(b"")

    def size(self, key: str) -> int:
        """Return how many bytes a blob has.

        Raises:
            BlobMissing: There is no such blob.
        """
        with _plain_errors(key):
            return obstore.head(self._store, key)["size"]

    def delete(self, key: str) -> None:
        """Delete a blob, if it is there."""
        with _plain_errors(key):
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    def list(self, prefix: str = "") -> Iterator[BlobRef]:
        """Yield the blobs in a folder of names, given without a slash at its end."""
        with _plain_errors(prefix):
            for page in obstore.list(self._store, prefix or None):
                for found in page:
                    if not found["path"].startswith(f"{INCOMING}/"):
                        yield BlobRef(found["path"], found["size"])

    def sweep(self) -> int:
        """Remove what killed processes were writing, and return how many files that was."""
        return remove_unheld(self._folder / INCOMING) if self._folder else 0

    def _put_in_folder(self, folder: Path, key: str, chunks: Iterable[bytes]) -> BlobRef:
        incoming = private_folder(folder / INCOMING) / uuid4().hex
        try:
            with PrivateFile(incoming, "xb") as file:
                for chunk in chunks:
                    write_all(file, chunk)
                file.sync()
            return self._move(incoming, folder / key, key)
        finally:
            incoming.unlink(missing_ok=True)

    def _move(self, path: Path, place: Path, key: str) -> BlobRef:
        path.chmod(0o600)
        for tries_left in (2, 1, 0):
            try:
                path.rename(private_folder(place.parent) / place.name)
                break
            except FileNotFoundError:  # deleting another blob has just cleared the folder away
                if not tries_left:
                    raise
        sync_folder(place.parent)
        return BlobRef(key, place.stat().st_size)

    def _check_free(self, key: str) -> None:
        if not NAME.fullmatch(key):
            raise ValueError(f"{key!r} is no name for a blob")
        try:
            self.size(key)
        except BlobMissing:
            return
        raise BlobExists(key)


def _read_file(folder: Path, key: str, *, offset: int, length: int) -> memoryview:
    """Return a range of a file; half the processor time of going through the store's library."""
    if not NAME.fullmatch(key):
        raise BlobMissing(key)
    try:
        with (folder / key).open("rb", buffering=0) as file:
            return memoryview(os.pread(file.fileno(), length, offset))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise BlobMissing(key) from None


def _chunks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, io.IOBase):
        while chunk := source.read(CHUNK_BYTES):
            yield chunk
    else:
        yield from source


@contextmanager
def _plain_errors(key: str) -> Generator[None]:
    """Turn what stores say into what the vault says; their own words may carry addresses."""
    try:
        yield
    except FileNotFoundError:
        raise BlobMissing(key) from None
    except BaseError as error:
        if any(sign in str(error) for sign in SAYS_FULL):
            raise StoreFull from None
        raise StoreUnreachable(f"{type(error).__name__} for {key}") from error
