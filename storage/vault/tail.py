"""The beginning of a segment that an upload has reached but not filled, in a file beside it.

A sender may stop anywhere, and what it was told is stored must be stored. The segment itself
cannot be sealed before it is whole: sealing it twice would use its nonce twice. So its
beginning is sealed here, each time as a stream of its own with a salt of its own. The file is
replaced as a whole, and counts only while the upload stands at the segment that it names.
"""

from pathlib import Path
from typing import Final

from storage.vault.files import PrivateFile, sync_folder
from storage.vault.segments import HEADER_BYTES, SegmentCipher, write_all

SUFFIX: Final = ".tail"
NEW_SUFFIX: Final = ".tail-new"
_INDEX_BYTES: Final = 8


class Tail:
    """What has arrived of the segment that an upload is at.

    Args:
        part: The upload's file; this one lies beside it.
    """

    def __init__(self, part: Path, *, key: bytes, associated_data: bytes) -> None:
        self._path = part.with_name(part.name + SUFFIX)
        self._new = part.with_name(part.name + NEW_SUFFIX)
        self._key = key
        self._associated_data = associated_data + b"|tail"

    def read(self, *, index: int) -> bytes:
        """Return what is stored of a segment's beginning; empty if nothing is.

        Raises:
            TamperedBlob: The file is not ours, or belongs to another upload.
        """
        try:
            stored = self._path.read_bytes()
        except FileNotFoundError:
            return b""
        header, sealed = stored[:HEADER_BYTES], stored[HEADER_BYTES:]
        content = self._cipher(header).open(sealed, index=0, last=True)
        return content[_INDEX_BYTES:] if content[:_INDEX_BYTES] == _name(index) else b""

    def write(self, content: bytes | bytearray, *, index: int) -> None:
        """Store a segment's beginning in place of what was stored before.

        Raises:
            StoreFull: There is no room; what was stored before stays.
        """
        cipher = SegmentCipher.fresh(key=self._key, associated_data=self._associated_data)
        sealed = cipher.seal(_name(index) + content, index=0, last=True)
        try:
            with PrivateFile(self._new, "wb") as file:
                write_all(file, cipher.header + sealed)
                file.sync()
            self._new.replace(self._path)
        except BaseException:
            self._new.unlink(missing_ok=True)
            raise
        sync_folder(self._path.parent)

    def remove(self) -> None:
        """Remove it, if it is there."""
        self._path.unlink(missing_ok=True)

    def _cipher(self, header: bytes) -> SegmentCipher:
        return SegmentCipher(header, key=self._key, associated_data=self._associated_data)


def remove_tail(part: Path) -> None:
    """Remove what lies beside an upload's file, half-written or whole."""
    for suffix in (SUFFIX, NEW_SUFFIX):
        part.with_name(part.name + suffix).unlink(missing_ok=True)


def _name(index: int) -> bytes:
    return index.to_bytes(_INDEX_BYTES)
