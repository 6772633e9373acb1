"""What the tus protocol's headers say, read and written. Not here: what is done about it.

Source: the tus resumable upload protocol, version 1.0.0 (https://tus.io, 2016).
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from review_app.errors import BadRequest

VERSION: Final = "1.0.0"
SPOKEN: Final = {"Tus-Resumable": VERSION}
BODY_TYPE: Final = "application/offset+octet-stream"
EXTENSIONS: Final = "creation,creation-with-upload,termination,checksum,expiration"
CHECKSUMS: Final = ("sha1", "sha256")
"""SHA-1 must be there by the protocol; it guards against a bad line, not against people."""
WRONG_CHECKSUM: Final = 460
_MOST_DIGITS: Final = 18


@dataclass
class Checksum:
    """What a piece should add up to, and what it has added up to so far."""

    algorithm: str
    wanted: bytes
    _digest: "hashlib._Hash" = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        self._digest = hashlib.new(self.algorithm, usedforsecurity=False)

    def add(self, data: bytes | bytearray) -> None:
        """Count the next bytes."""
        self._digest.update(data)

    @property
    def holds(self) -> bool:
        """Whether everything that was counted is what was meant."""
        return hmac.compare_digest(self._digest.digest(), self.wanted)


def checksum_of(untrusted: str | None) -> Checksum | None:
    """Return the checksum that comes with a piece, if one does.

    Raises:
        BadRequest: It is of another kind than ours, or unreadable.
    """
    if untrusted is None:
        return None
    algorithm, _, value = untrusted.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadRequest
    try:
        return Checksum(algorithm, b64decode(value, validate=True))
    except ValueError:
        raise BadRequest from None


def whole_number(untrusted: str | None) -> int | None:
    """Return a count of bytes; None if there is none or it cannot be one."""
    if untrusted is None or not untrusted.isdecimal() or len(untrusted) > _MOST_DIGITS:
        return None
    return int(untrusted)


def metadata_of(untrusted: str) -> dict[str, str]:
    """Return the metadata pairs of a request; a broken value counts as absent."""
    pairs: dict[str, str] = {}
    for pair in untrusted.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            pairs[key] = b64decode(value, validate=True).decode()
        except ValueError:
            continue
    return pairs


def metadata_header(**pairs: str) -> dict[str, str]:
    """Return the header that tells metadata."""
    told = (f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Metadata": ",".join(told)}


def expires_header(at: datetime) -> dict[str, str]:
    """Return the header that tells until when an unfinished upload is kept."""
    return {"Upload-Expires": format_datetime(at, usegmt=True)}
