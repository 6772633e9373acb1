"""A minute recorded before the conversation, checked by a worker and never kept.

It is nobody's recording and no row tells of it, so there is no consent to ask for: whoever sends
it is alone in it, and it lives for as long as that person waits. Its bytes lie in the vault under
an id and a key of their own; that there is such a key is what a worker is told by. The worker
removes the clip with its answer, and whoever waited removes the rest; what a kill leaves behind
is swept away a little later, and was unreadable in every backup from the beginning.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from consent.model import RecordingId
from storage.home import Home
from storage.identity import new_id
from storage.records import BlobRole
from storage.vault import VaultReader
from storage.vault.blobs import BlobRef
from storage.vault.errors import BlobMissing, KeyDestroyed, KeyMissing
from storage.vault.keys import TRIAL

MOST_BYTES = 200_000_000
MOST_MS = 120_000
LIFETIME = timedelta(minutes=2)
"""How long a trial may be there at all. It is checked in seconds."""
_UUID_TIME_BITS = 80


@dataclass(frozen=True, slots=True)
class Findings:
    """What a worker found.

    Attributes:
        hints: Codes of what the sound and the picture suffer from; none is good news.
        refusal: Why it could not be checked, as a code; empty if it was.
    """

    hints: tuple[str, ...] = ()
    refusal: str = ""


def hand_in(home: Home, pieces: Iterable[bytes]) -> RecordingId:
    """Give a clip to whichever worker is first, and return its id.

    Raises:
        StoreFull: There is no room for it; nothing of it is left.
    """
    trial = RecordingId(f"{TRIAL}{new_id()}")
    home.keys.create(trial)
    try:
        with home.vault.put(trial, role=BlobRole.SOURCE) as writer:
            for piece in pieces:
                writer.write(piece)
    except BaseException:
        erase(home, trial)
        raise
    return trial


def waiting(home: Home) -> tuple[RecordingId, ...]:
    """Return the trials whose clip is here and has not been checked."""
    return tuple(trial for trial in home.keys.trials() if _blob(home, trial, BlobRole.SOURCE))


def is_here(home: Home, trial: RecordingId) -> bool:
    """Return whether somebody still waits for a trial."""
    try:
        home.keys.data_key(trial)
    except (KeyDestroyed, KeyMissing):
        return False
    return True


def open_clip(home: Home, trial: RecordingId) -> VaultReader:
    """Return a seekable reader of a clip, decrypted as it is read.

    Raises:
        BlobMissing: It has been checked already.
        KeyDestroyed: Nobody waits any more.
    """
    clip = _blob(home, trial, BlobRole.SOURCE)
    if clip is None:
        raise BlobMissing(trial)
    return home.vault.open(trial, key=clip.key, role=BlobRole.SOURCE)


def answer(home: Home, trial: RecordingId, findings: Findings) -> None:
    """Tell what was found, unless another worker has, and remove the clip.

    Raises:
        KeyDestroyed: Nobody waits any more.
    """
    clip = _blob(home, trial, BlobRole.SOURCE)
    if clip is None:
        return
    with home.vault.put(trial, role=BlobRole.SOUND_HINTS) as writer:
        writer.write(json.dumps(asdict(findings)).encode())
    home.vault.store.delete(clip.key)


def findings_of(home: Home, trial: RecordingId) -> Findings | None:
    """Return what a worker has found; None while none has answered."""
    found = _blob(home, trial, BlobRole.SOUND_HINTS)
    if found is None:
        return None
    with home.vault.open(trial, key=found.key, role=BlobRole.SOUND_HINTS) as reader:
        told = json.loads(reader.read())
    return Findings(hints=tuple(told["hints"]), refusal=told["refusal"])


def erase(home: Home, trial: RecordingId) -> None:
    """Destroy a trial's key, then remove what is now unreadable. May be repeated."""
    home.vault.erase(trial)


def sweep(home: Home) -> None:
    """Erase the trials that nobody can still be waiting for: a kill has left them behind."""
    for trial in home.keys.trials():
        if home.clock() - _begun_at(trial) > LIFETIME:
            erase(home, trial)


def _blob(home: Home, trial: RecordingId, role: BlobRole) -> BlobRef | None:
    return next(iter(home.vault.store.list(f"{trial}/{role}")), None)


def _begun_at(trial: RecordingId) -> datetime:
    """Return when a trial was begun: its id is a UUIDv7, which tells the millisecond."""
    milliseconds = UUID(trial.removeprefix(TRIAL)).int >> _UUID_TIME_BITS
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
