"""The vault: a recording's files, encrypted under its own key, and their destruction.

This module joins keys, streams and store. It asks nobody for permission: that is done by
storage.media, the only module that may open what is kept here.
"""

import io
import re
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from consent.model import RecordingId
from storage.identity import new_id
from storage.records import ONLY_PART, BlobRole, PartId, UploadId
from storage.vault.blobs import BlobRef, BlobStore
from storage.vault.deposit import Deposit, Writer
from storage.vault.errors import (
    BlobMissing,
    UploadBusy,
    UploadIncomplete,
    UploadMissing,
    VaultError,
)
from storage.vault.files import PrivateFile, private_folder, remove_unheld
from storage.vault.heldback import HeldBack
from storage.vault.keys import KeyStore
from storage.vault.resumable import ResumableUpload
from storage.vault.segments import SEGMENT_BYTES
from storage.vault.stream import DecryptingReader, EncryptingWriter
from storage.vault.tail import remove_tail
from storage.vault.window import WindowedEncryptingWriter

READ_AHEAD = 8
"""Segments (2 MiB) per request to a distant store in forward reading."""
SEGMENTS_AT_ONCE = 4
RUN_BYTES = SEGMENTS_AT_ONCE * SEGMENT_BYTES
"""The most that is fetched and decrypted in one go for whoever reads from beginning to end."""
BUFFER_BYTES = 64 * 1024
VERSION_DIGITS = 32
ATTEMPTS = "attempts"
UPLOADS = "uploads"
PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+")


class VaultReader(io.BufferedReader):
    """A recording's file in the clear: read at any place, from any thread, never on disk.

    Attributes:
        version: Stands for these bytes and says nothing about them; no other file has it.
    """

    def __init__(self, raw: DecryptingReader, *, version: str) -> None:
        super().__init__(raw, BUFFER_BYTES)
        self._decrypting = raw
        self.version = version

    @property
    def size(self) -> int:
        """Return how many bytes the file has."""
        return self._decrypting.size

    def pread(self, offset: int, length: int) -> bytes:
        """Return a range; the place of other reads stays as it is."""
        return self._decrypting.pread(offset, length)

    def run(self, offset: int, end: int) -> list[memoryview]:
        """Return at most RUN_BYTES of a range that is read once, as they lie in segments."""
        return self._decrypting.run(offset, end, segments=SEGMENTS_AT_ONCE)


class Vault:
    """Keeps the files of recordings.

    Ciphertext is written to the spool first and enters the store whole, under a name that no
    attempt had before: two workers at the same work never mix, and what failed is not seen.

    Attributes:
        keys: The key store; give a recording its key there before anything is kept for it.
        store: Where the ciphertext lies, for what copies it as it is.
    """

    def __init__(self, blobs: BlobStore, *, keys: KeyStore, spool: Path) -> None:
        self.keys = keys
        self.store = blobs
        self._attempts = private_folder(spool / ATTEMPTS)
        self._uploads = private_folder(spool / UPLOADS)

    def put(self, recording: RecordingId, *, role: BlobRole) -> Deposit[EncryptingWriter]:
        """Return a deposit that is written from beginning to end, in constant memory."""

        def begin(file: PrivateFile) -> EncryptingWriter:
            key = self.keys.data_key(recording)
            return EncryptingWriter(
                file, key=key, associated_data=associated_data(recording, role=role)
            )

        return self._deposit(begin, recording=recording, role=role)

    def put_seekable(
        self, recording: RecordingId, *, role: BlobRole
    ) -> Deposit[WindowedEncryptingWriter]:
        """Return a deposit in which an mp4 muxer can seek; it takes 40 MiB of memory."""

        def begin(file: PrivateFile) -> WindowedEncryptingWriter:
            key = self.keys.data_key(recording)
            return WindowedEncryptingWriter(
                file, key=key, associated_data=associated_data(recording, role=role)
            )

        return self._deposit(begin, recording=recording, role=role)

    def open(
        self, recording: RecordingId, *, key: str, role: BlobRole, part: PartId = ONLY_PART
    ) -> VaultReader:
        """Return a file in the clear. Only storage.media calls this, and asks for the permit.

        Raises:
            KeyDestroyed: Somebody withdrew.
            BlobMissing: The store has no such blob.
            TamperedBlob: It is not what was kept for this recording, role and part.
        """
        self._check_belongs(recording, key)
        data_key = self.keys.data_key(recording)
        reader = DecryptingReader(
            lambda offset, length: self.store.read_at(key, offset, length),
            ciphertext_size=self.store.size(key),
            key=data_key,
            associated_data=associated_data(recording, role=role, part=part),
            read_ahead=READ_AHEAD if self.store.distant else 1,
        )
        return VaultReader(reader, version=sha256(key.encode()).hexdigest()[:VERSION_DIGITS])

    def begin_upload(
        self, recording: RecordingId, *, upload: UploadId, length: int, part: PartId = ONLY_PART
    ) -> ResumableUpload:
        """Return a new upload of one of a recording's sources."""
        return ResumableUpload.begin(
            self._part(recording, upload, made=True),
            key=self.keys.data_key(recording),
            associated_data=associated_data(recording, role=BlobRole.SOURCE, part=part),
            length=length,
        )

    def resume_upload(
        self, recording: RecordingId, *, upload: UploadId, length: int, part: PartId = ONLY_PART
    ) -> ResumableUpload:
        """Return an upload that was begun earlier; see ``ResumableUpload.resume``."""
        return ResumableUpload.resume(
            self._part(recording, upload),
            key=self.keys.data_key(recording),
            associated_data=associated_data(recording, role=BlobRole.SOURCE, part=part),
            length=length,
        )

    def finish_upload(
        self, recording: RecordingId, *, upload: UploadId, length: int, part: PartId = ONLY_PART
    ) -> BlobRef:
        """Take a complete upload into the store. Done twice, it says the same twice.

        Raises:
            UploadIncomplete: Bytes are still to come.
            UploadMissing: Nothing was begun, or it was forgotten.
        """
        key = f"{recording}/{BlobRole.SOURCE}/{upload}"
        try:
            with self.resume_upload(recording, upload=upload, length=length, part=part) as resumed:
                if not resumed.done:
                    raise UploadIncomplete(f"{resumed.offset} of {length} bytes")
        except UploadMissing:
            try:
                return BlobRef(key, self.store.size(key))
            except BlobMissing:
                raise UploadMissing(upload) from None
        return self.store.adopt(self._part(recording, upload), key=key)

    def forget_upload(self, recording: RecordingId, *, upload: UploadId) -> None:
        """Remove what has arrived of an upload, if anything has.

        Raises:
            UploadBusy: Something is arriving at this moment.
        """
        part = self._part(recording, upload)
        try:
            with PrivateFile(part, "rb") as file:
                if not file.locked:
                    raise UploadBusy
                part.unlink()
                remove_tail(part)
        except FileNotFoundError:
            remove_tail(part)

    def discard(self, recording: RecordingId, *, key: str) -> None:
        """Delete one file of a recording, if it is there; its others stay."""
        self._check_belongs(recording, key)
        self.store.delete(key)

    def hold_back(self) -> HeldBack:
        """Return a place for bytes that are not yet known to be the right ones."""
        return HeldBack(self._attempts / uuid4().hex)

    def erase(self, recording: RecordingId, *, keys: Iterable[str] = ()) -> None:
        """Destroy the recording's key, then remove what is now unreadable. May be repeated.

        Blobs of unfinished attempts go too: everything under the recording's name.
        """
        listed = list(keys)
        for key in listed:
            self._check_belongs(recording, key)
        self.keys.destroy(recording)
        shutil.rmtree(self._uploads / _plain(recording), ignore_errors=True)
        for attempt in self._attempts.glob(f"{_plain(recording)}.*"):
            attempt.unlink(missing_ok=True)
        for key in listed:
            self.store.delete(key)
        for found in list(self.store.list(_plain(recording))):
            self.store.delete(found.key)

    def sweep(self) -> int:
        """Remove what killed processes were writing; uploads stay. Return the files removed."""
        return remove_unheld(self._attempts) + self.store.sweep()

    def _part(self, recording: RecordingId, upload: UploadId, *, made: bool = False) -> Path:
        folder = self._uploads / _plain(recording)
        return (private_folder(folder) if made else folder) / _plain(upload)

    def _check_belongs(self, recording: RecordingId, key: str) -> None:
        if not key.startswith(f"{_plain(recording)}/"):
            raise VaultError(f"blob {key} is not of recording {recording}")

    def _deposit(
        self, begin: Callable[[PrivateFile], Writer], *, recording: RecordingId, role: BlobRole
    ) -> Deposit[Writer]:
        def publish(path: Path) -> BlobRef:
            self.keys.data_key(recording)  # somebody may have withdrawn while it was written
            return self.store.adopt(path, key=f"{_plain(recording)}/{role}/{new_id()}")

        attempt = self._attempts / f"{_plain(recording)}.{uuid4().hex}"
        return Deposit(attempt, begin=begin, publish=publish)


def associated_data(recording: RecordingId, *, role: BlobRole, part: PartId = ONLY_PART) -> bytes:
    """Return what binds a file to its recording, role and part: exchanged files do not open."""
    return f"v1|{recording}|{role}{f'|{part}' if part else ''}".encode()


def _plain(untrusted_id: str) -> str:
    if not PLAIN_ID.fullmatch(untrusted_id):
        raise VaultError("an id may hold letters, digits, hyphens and underscores only")
    return untrusted_id
