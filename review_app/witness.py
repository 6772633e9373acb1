"""What the audit log is told of looking: who was shown what, which seconds, who was refused.

Looking happens many times a second, so it is gathered here and written in few entries. What is
sent out is written before its first byte; what was played within a minute; a refusal at once, and
then not again for a minute. One process serves a site, so memory is enough for what is gathered.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Final

from consent.errors import ConsentMissing
from consent.model import RecordingId
from review_app import unforeseen
from review_app.errors import Denied
from review_app.supervision.spans import Span, merged
from storage import audit, recordings
from storage.errors import NotFound, NotPlain
from storage.home import Home
from storage.plain import check_plain
from storage.records import UserId
from storage.transaction import Transaction

_SITTING: Final = timedelta(minutes=10)
_SAME_REFUSAL: Final = timedelta(minutes=1)
_WRITTEN_AFTER: Final = timedelta(seconds=50)
"""With the looks every few seconds, a crash loses less than a minute."""
_NOT_OURS: Final = "unknown"
"""Stands for whatever is no recording of ours: what was asked for might be a name."""


class Shown(StrEnum):
    """What of a recording was sent to someone."""

    FILM = "film"
    CAPTIONS = "captions"
    THUMBNAILS = "thumbnails"


@dataclass(frozen=True, slots=True)
class _Played:
    """What one person has played of one recording and is not written yet."""

    since: datetime
    spans: tuple[Span, ...]
    company: UserId | None


class Witness:
    """Tells the audit log who looked. Safe to call from any thread."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._played: dict[tuple[UserId, RecordingId], _Played] = {}
        self._gathering = Lock()
        self._shown = _Once(home, _SITTING)
        self._refused = _Once(home, _SAME_REFUSAL)

    def shown(self, user: UserId, recording: RecordingId, what: Shown) -> None:
        """Note, before anything is sent, that it goes out: once in ten minutes for each kind.

        Whoever calls this sends nothing if it raises.
        """

        def write(tx: Transaction) -> None:
            audit.append(tx, actor=user, action="opened", subject=recording, detail={"what": what})

        self._shown.do((user, recording, what), write)

    def was_shown(self, user: UserId, recording: RecordingId) -> bool:
        """Return whether the film has been sent to someone in the last ten minutes."""
        return self._shown.is_done((user, recording, Shown.FILM))

    def played(
        self,
        user: UserId,
        recording: RecordingId,
        spans: Iterable[Span],
        *,
        company: UserId | None = None,
    ) -> None:
        """Gather what someone has played. It asks no database, so a socket may call it."""
        now = self._home.clock()
        with self._gathering:
            before = self._played.get((user, recording))
            everything = merged((*(before.spans if before else ()), *spans))
            if everything:
                self._played[user, recording] = _Played(
                    before.since if before else now,
                    everything,
                    company or (before.company if before else None),
                )

    def write(self, user: UserId, recording: RecordingId) -> None:
        """Write what one person has played of one recording: they have paused or left."""
        self._write(lambda whose, _: whose == (user, recording))

    def write_due(self) -> None:
        """Write what has been gathered for most of a minute."""
        due = self._home.clock() - _WRITTEN_AFTER
        self._write(lambda _, played: played.since <= due)

    def write_all(self) -> None:
        """Write everything: the app is being stopped."""
        self._write(lambda _, __: True)

    def refused(self, user: UserId, error: Exception, *, recording: str) -> None:
        """Note that someone was refused; the work that was refused is undone, this is kept.

        Other errors than refusals are no matter of the log.
        """
        match error:
            case ConsentMissing():
                action, recording = "permit_denied", error.recording
                detail = {"purpose": str(error.purpose), "kind": str(error.gaps[0].kind)}
            case Denied():
                action, detail = "access_denied", {"kind": type(error).__name__}
            case _:
                return

        with self._home.reading() as tx:
            subject = _ours(tx, recording)

        def write(tx: Transaction) -> None:
            audit.append(tx, actor=user, action=action, subject=subject, detail=detail)

        self._refused.do((user, subject, detail["kind"]), write)

    def _write(self, chosen: Callable[[tuple[UserId, RecordingId], _Played], bool]) -> None:
        with self._gathering:
            taken = {whose: each for whose, each in self._played.items() if chosen(whose, each)}
            for whose in taken:
                del self._played[whose]
        if not taken:
            return
        try:
            with self._home.transaction() as tx:
                for (user, recording), played in taken.items():
                    _write_played(tx, user, recording, played)
        except Exception as error:  # noqa: BLE001 - nothing is lost: it is written at the next look
            unforeseen.log(error, during="who looked")
            for (user, recording), played in taken.items():
                self.played(user, recording, played.spans, company=played.company)


class _Once:
    """Writes an act to the log unless the same was written within a span of time."""

    def __init__(self, home: Home, span: timedelta) -> None:
        self._home = home
        self._span = span
        self._done: dict[Hashable, datetime] = {}
        self._writing = Lock()

    def is_done(self, act: Hashable) -> bool:
        """Return whether the act was written within the span."""
        at = self._done.get(act)
        return at is not None and self._home.clock() - at < self._span

    def do(self, act: Hashable, write: Callable[[Transaction], None]) -> None:
        """Write it. Of several at once the others wait until it is written."""
        if self.is_done(act):
            return
        with self._writing:
            if self.is_done(act):
                return
            with self._home.transaction() as tx:
                write(tx)
            now = self._home.clock()
            self._done = {a: at for a, at in self._done.items() if now - at < self._span}
            self._done[act] = now


def _write_played(tx: Transaction, user: UserId, recording: RecordingId, played: _Played) -> None:
    company = {"with": played.company} if played.company else {}
    for span in played.spans:
        audit.append(
            tx,
            actor=user,
            action="viewed",
            subject=recording,
            detail={"from_ms": span.start_ms, "to_ms": span.end_ms, **company},
        )


def _ours(tx: Transaction, untrusted_id: str) -> str:
    try:
        check_plain({"recording": untrusted_id})
        return recordings.recording(tx, RecordingId(untrusted_id)).id
    except (NotFound, NotPlain):
        return _NOT_OURS
