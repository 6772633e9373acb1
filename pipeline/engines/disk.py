"""Asking for free disk space before work begins, so that it does not stop halfway."""

import shutil
from pathlib import Path

from pipeline.errors import DiskFull

MIB = 1024 * 1024
RESERVE_BYTES = 512 * MIB
"""Stays free, because the database and uploads write at the same time."""


def check_free_space(
    folder: Path, *, needed_bytes: int, reserve_bytes: int = RESERVE_BYTES
) -> None:
    """Check that so much can be written to a folder.

    Raises:
        DiskFull: There is too little room.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + reserve_bytes:
        raise DiskFull(needed_mib=-(-(needed_bytes + reserve_bytes) // MIB), free_mib=free // MIB)


def copy_bytes(*, source_bytes: int, duration_ms: int) -> int:
    """Return how large a recording's playable copy and sound may become.

    A copied source stays as large as it is; an encoded one is held to 4 Mbit/s of picture, and
    the kept sound is at most 64 kB a second.
    """
    encoded = duration_ms * (4_000_000 + 200_000) // 8_000
    return max(source_bytes, encoded) + duration_ms * 64
