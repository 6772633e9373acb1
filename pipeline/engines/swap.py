"""Where the system moves memory to when it runs short, and whether that can be read from a disk.

Memory holds pieces of films and keys in the clear. Linux tells; where nothing is told, as on macOS
(which encrypts its swap), nothing is found.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SWAPS = Path("/proc/swaps")
BLOCKS = Path("/sys/dev/block")
_ENCRYPTED = "CRYPT-"
_IN_MEMORY = "zram"


def swap_in_the_clear(*, swaps: Path = SWAPS, blocks: Path = BLOCKS) -> tuple[str, ...]:
    """Return the files and partitions that memory can be moved to unencrypted.

    Encrypted is what lies on nothing but dm-crypt, directly or through LVM or RAID.

    Args:
        swaps: The kernel's table of them.
        blocks: Its folder of block devices by number.
    """
    return tuple(_in_the_clear(swaps, blocks))


def _in_the_clear(swaps: Path, blocks: Path) -> Iterator[str]:
    lines: list[str] = []
    with suppress(OSError):
        lines = swaps.read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        name, kind = line.split()[:2]
        if Path(name).name.startswith(_IN_MEMORY):
            continue
        try:
            found = Path(name.replace(r"\040", " ")).stat()
        except OSError:
            yield name
            continue
        device = found.st_rdev if kind == "partition" else found.st_dev
        if not _is_encrypted(blocks / f"{os.major(device)}:{os.minor(device)}"):
            yield name


def _is_encrypted(block: Path) -> bool:
    with suppress(OSError):
        if (block / "dm" / "uuid").read_text(encoding="ascii").startswith(_ENCRYPTED):
            return True
    below = list((block / "slaves").iterdir()) if (block / "slaves").is_dir() else []
    return bool(below) and all(map(_is_encrypted, below))
