"""Reading files that a database has open, which only another process may do.

Closing any descriptor of a file drops all locks that the same process holds on it (POSIX), those
of SQLite too: whoever looks into a database from within its own process may spoil it.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import flow


@dataclass(frozen=True)
class Reader:
    """Another process that reads files."""

    process: ProcessPoolExecutor

    def holding(self, folders: list[Path], wanted: list[bytes]) -> set[Path]:
        """Return the files below folders that hold one of these in the clear."""
        return self.process.submit(_holding, folders, wanted).result()


@contextmanager
def reader() -> Iterator[Reader]:
    """Give a reader until the block ends."""
    with ProcessPoolExecutor(1, mp_context=flow.context()) as process:
        yield Reader(process)


def _holding(folders: list[Path], wanted: list[bytes]) -> set[Path]:
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                content = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:
                continue
            if any(each in content for each in wanted):
                found.add(path)
    return found
