"""What proves, outside the database: where the audit log ended, and what was erased.

Two files that are only added to, each line chained to the one before by HMAC with a key from the
key store. Nobody can change a line unseen; a cut-off end is seen from the audit log, which says
how many lines there were. No backup replaces them: after a restore they say what must be erased
again. They hold ids, reasons and times, nothing about a person.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from consent.model import RecordingId
from storage.errors import ProofBroken, ProofUnwritable
from storage.plain import check_plain
from storage.records import Anchor, Erasure, ErasureReason
from storage.vault.files import private_folder, room_wanted, sync_folder
from storage.vault.segments import write_all

_Fields = Mapping[str, int | str]


class ProofFile:
    """One file of chained lines. A line cut off by a kill was never said and is put right."""

    def __init__(self, path: Path, *, key: Callable[[], bytes]) -> None:
        self._path = path
        self._key = key

    def append(self, choose: Callable[[list[dict[str, Any]]], _Fields | None]) -> int:
        """Add the line that is chosen in view of those there are, if one is.

        It is on disk when this returns. Damage done to earlier lines does not stop it, for no
        erasure may wait for that; reading the file tells of the damage.

        Raises:
            ProofUnwritable: The folder cannot be written to.

        Returns:
            How many lines there are now.
        """
        with self._locked() as descriptor:
            content = _content(descriptor)
            whole = content[: content.rfind(b"\n") + 1]
            lines = [_loosely(line) for line in whole.splitlines()]
            said = choose(lines)
            if said is None:
                return len(lines)
            check_plain(said)
            previous = str(lines[-1].get("mac", "")) if lines else ""
            os.ftruncate(descriptor, len(whole))
            os.lseek(descriptor, 0, os.SEEK_END)
            with room_wanted(), open(descriptor, "ab", buffering=0, closefd=False) as file:
                write_all(file, self._line({**said, "previous": previous}))
                os.fsync(descriptor)
            return len(lines) + 1

    def lines(self) -> list[dict[str, Any]]:
        """Return what the lines say, after checking each.

        Raises:
            ProofBroken: A line was changed, removed or put in. The error names it.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return []
        found: list[dict[str, Any]] = []
        previous = ""
        for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), 1):
            said = _loosely(line)
            mac = str(said.pop("mac", ""))
            sound = hmac.compare_digest(mac.encode(), self._mac(said).encode())
            if not sound or said.pop("previous") != previous:
                raise ProofBroken(self._path.name, number)
            found.append(said)
            previous = mac
        return found

    def _line(self, said: _Fields) -> bytes:
        return _canonical({**said, "mac": self._mac(said)}) + b"\n"

    def _mac(self, said: _Fields) -> str:
        told = self._path.name.encode() + b"\n" + _canonical(said)
        return hmac.new(self._key(), told, hashlib.sha256).hexdigest()

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            folder = private_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ProofUnwritable from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            sync_folder(folder)
            yield descriptor
        finally:
            os.close(descriptor)


class Proof:
    """The folder of what proves: ``anchors`` of the audit log and the log of ``deletions``."""

    def __init__(self, folder: Path, *, key: Callable[[], bytes]) -> None:
        self._anchors = ProofFile(folder / "anchors", key=key)
        self._deletions = ProofFile(folder / "deletions", key=key)

    def note_anchor(self, anchor: Anchor) -> Anchor:
        """Note where the audit log ends; its number is found here."""
        said: _Fields = {
            "day": anchor.day.isoformat(),
            "seq": anchor.seq,
            "entry": anchor.mac,
            "restored": int(anchor.restored),
        }
        return replace(anchor, number=self._anchors.append(lambda _: said))

    def anchors(self) -> tuple[Anchor, ...]:
        """Return the anchors in order.

        Raises:
            ProofBroken: The file has been changed.
        """
        return tuple(
            Anchor(
                number=number,
                day=date.fromisoformat(said["day"]),
                seq=said["seq"],
                mac=said["entry"],
                restored=bool(said["restored"]),
            )
            for number, said in enumerate(self._anchors.lines(), 1)
        )

    def note_deletion(self, erasure: Erasure) -> int:
        """Note how far an erasure has come, unless that has been noted already.

        Returns:
            How many lines the log has.
        """
        said: dict[str, int | str] = {
            "recording": erasure.recording,
            "because": erasure.because,
            "asked_at": erasure.asked_at.isoformat(),
            "key_destroyed_at": _written(erasure.key_destroyed_at),
            "completed_at": _written(erasure.completed_at),
        }

        def unless_noted(lines: list[dict[str, Any]]) -> _Fields | None:
            about = [line for line in lines if line.get("recording") == erasure.recording]
            done = any(line.get("completed_at") for line in about)
            return None if done or (about and not said["completed_at"]) else said

        return self._deletions.append(unless_noted)

    def deletions(self) -> tuple[Erasure, ...]:
        """Return every erasure that was ever begun, as far as was noted, in order.

        Raises:
            ProofBroken: The file has been changed.
        """
        latest: dict[str, Erasure] = {}
        for said in self._deletions.lines():
            latest[said["recording"]] = Erasure(
                recording=RecordingId(said["recording"]),
                because=ErasureReason(said["because"]),
                asked_at=datetime.fromisoformat(said["asked_at"]),
                key_destroyed_at=_read(said["key_destroyed_at"]),
                completed_at=_read(said["completed_at"]),
            )
        return tuple(latest.values())

    def deletion_lines_unchecked(self) -> int:
        """Return how many lines the log of deletions has, in whatever state they are."""
        return self._deletions.append(lambda _: None)

    def deletion_lines(self) -> int:
        """Return how many lines the log of deletions has.

        Raises:
            ProofBroken: The file has been changed.
        """
        return len(self._deletions.lines())


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _loosely(untrusted_line: bytes) -> dict[str, Any]:
    """Return what a line says, nothing if it is no line of ours."""
    try:
        said = json.loads(untrusted_line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _canonical(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _read(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
