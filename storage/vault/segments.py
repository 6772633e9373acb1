"""The wire format of an encrypted stream: sizes, places and the sealing of one segment.

Nothing here reads or writes files: writers and readers are in stream.py, window.py and
resumable.py. The format is Tink's AES256-GCM-HKDF streaming encryption with SHA-256, so any
Tink can read what is written here. A header (its own length, a salt, a nonce prefix) is
followed by segments of equal ciphertext size; the first one is shorter by the header, the
last one as long as its content needs, and an empty stream has one empty segment.

Source: https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming
"""

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.vault.errors import TamperedBlob, VaultError

if TYPE_CHECKING:
    from typing_extensions import Buffer

KEY_BYTES = 32
"""AES-256, both for the key that is given and for the one derived from it."""
SALT_BYTES = 32
"""Tink's salt is as long as the derived key."""
PREFIX_BYTES = 7
"""A GCM nonce (12) less the segment's number (4) and the mark of the last one (1)."""
HEADER_BYTES = 1 + SALT_BYTES + PREFIX_BYTES
TAG_BYTES = 16
SEGMENT_BYTES = 256 * 1024
"""Ciphertext of one segment: measured fastest of 64 KiB, 256 KiB and 1 MiB at random access."""
MAX_SEGMENTS = 2**32
"""The number in the nonce has 32 bits; at 256 KiB that is a pebibyte."""


class Sink(Protocol):
    """Where ciphertext goes."""

    def write(self, data: "Buffer", /) -> int | None:
        """Take some or all of the bytes; None or a full count means all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where plaintext lies in ciphertext. The vault uses one size; tests use small ones."""

    segment_bytes: int = SEGMENT_BYTES

    def __post_init__(self) -> None:
        """Refuse sizes that leave the first segment no room."""
        if self.segment_bytes <= HEADER_BYTES + TAG_BYTES:
            raise ValueError(f"segments of {self.segment_bytes} bytes hold nothing")

    def capacity(self, index: int) -> int:
        """Return how much plaintext a full segment holds."""
        return self.segment_bytes - TAG_BYTES - (0 if index else HEADER_BYTES)

    def locate(self, position: int) -> tuple[int, int]:
        """Return the segment that a plaintext position lies in, and the place within it."""
        index, within = divmod(position + HEADER_BYTES, self.segment_bytes - TAG_BYTES)
        return index, within if index else position

    def plaintext_start(self, index: int) -> int:
        """Return the plaintext position where a segment begins."""
        return index * (self.segment_bytes - TAG_BYTES) - (HEADER_BYTES if index else 0)

    def ciphertext_start(self, index: int) -> int:
        """Return the ciphertext position where a segment begins; the header comes first."""
        return index * self.segment_bytes if index else HEADER_BYTES

    def last_segment(self, plaintext_size: int) -> int:
        """Return the number of the last segment of a stream; it is never empty but for 0."""
        return self.locate(max(plaintext_size - 1, 0))[0]

    def ciphertext_size(self, plaintext_size: int) -> int:
        """Return how long the stream of so much plaintext is."""
        segments = self.last_segment(plaintext_size) + 1
        return HEADER_BYTES + plaintext_size + TAG_BYTES * segments

    def plaintext_size(self, ciphertext_size: int) -> int:
        """Return how much plaintext a stream of this length holds.

        Raises:
            TamperedBlob: No stream has this length.
        """
        segments = -(-ciphertext_size // self.segment_bytes)
        size = ciphertext_size - HEADER_BYTES - TAG_BYTES * segments
        if size < 0 or self.ciphertext_size(size) != ciphertext_size:
            raise TamperedBlob(f"no stream is {ciphertext_size} bytes long")
        return size


LAYOUT = Layout()


class SegmentCipher:
    """Seals and opens the segments of one stream.

    It refuses to seal a number twice: two contents under one nonce would give both away.
    """

    def __init__(self, header: bytes, *, key: bytes, associated_data: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, not {KEY_BYTES}")
        if len(header) != HEADER_BYTES or header[0] != HEADER_BYTES:
            raise TamperedBlob("the header is not one of ours")
        self.header = header
        self._prefix = header[1 + SALT_BYTES :]
        salt = header[1 : 1 + SALT_BYTES]
        derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=associated_data)
        self._aead = AESGCM(derivation.derive(key))
        self._sealed: set[int] = set()

    @classmethod
    def fresh(cls, *, key: bytes, associated_data: bytes) -> "SegmentCipher":
        """Return a cipher with a salt and prefix that no stream had before."""
        header = bytes([HEADER_BYTES]) + os.urandom(SALT_BYTES + PREFIX_BYTES)
        return cls(header, key=key, associated_data=associated_data)

    def seal(self, content: "Buffer", *, index: int, last: bool) -> bytes:
        """Return a segment's ciphertext."""
        if index in self._sealed:
            raise VaultError(f"segment {index} is sealed already")
        nonce = self._nonce(index, last=last)
        self._sealed.add(index)
        return self._aead.encrypt(nonce, memoryview(content), None)

    def open(self, sealed: "Buffer", *, index: int, last: bool) -> bytes:
        """Return a segment's plaintext.

        Raises:
            TamperedBlob: Content, place, stream, key or associated data is another one.
        """
        try:
            return self._aead.decrypt(self._nonce(index, last=last), memoryview(sealed), None)
        except InvalidTag:
            raise TamperedBlob(f"segment {index} does not authenticate") from None

    def _nonce(self, index: int, *, last: bool) -> bytes:
        if index >= MAX_SEGMENTS:
            raise VaultError(f"a stream has at most {MAX_SEGMENTS} segments")
        return self._prefix + struct.pack(">IB", index, last)


def write_all(sink: Sink, data: bytes) -> None:
    """Write every byte, also to a raw sink that takes only some at a time."""
    view = memoryview(data)
    while view:
        taken = sink.write(view)
        if taken is None:
            return
        view = view[taken:]
