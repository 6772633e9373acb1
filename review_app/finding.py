"""Finding a passage by its words, among what is open to the one who asks."""

from dataclasses import dataclass

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands.access import access_to
from review_app.errors import Denied
from review_app.overview import Item
from storage.errors import StorageError
from storage.home import Home
from storage.media import transcript_of
from storage.records import Turn, User

_MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A turn in which the words were said."""

    item: Item
    turn: Turn


def passages(home: Home, user: User, items: tuple[Item, ...], *, query: str) -> tuple[Found, ...]:
    """Return the turns that hold every word of a query, by conversation and time.

    Only recordings that the person may open at this moment are looked at. The index holds no
    words, so those of a hit are read from its transcript.
    """
    near = {item.recording.id: item for item in items}
    by_language: dict[str, list[RecordingId]] = {}
    for recording, item in near.items():
        if _may_open(home, user, recording):
            by_language.setdefault(item.recording.language, []).append(recording)
    hits = [
        hit
        for language, recordings in by_language.items()
        for hit in home.search.find(query, recordings=recordings, language=language, limit=_MOST)
    ][:_MOST]
    turns = {recording: _turns(home, user, recording) for recording in {h.recording for h in hits}}
    return tuple(
        Found(near[hit.recording], turns[hit.recording][hit.start_ms])
        for hit in hits
        if hit.start_ms in turns[hit.recording]
    )


def _may_open(home: Home, user: User, recording: RecordingId) -> bool:
    try:
        with home.reading() as tx:
            access_to(tx, user, recording)
    except (Denied, ConsentError, StorageError):
        return False
    return True


def _turns(home: Home, user: User, recording: RecordingId) -> dict[int, Turn]:
    """Return a recording's turns by when they begin: that outlasts most corrections."""
    try:
        with home.reading() as tx:
            permit = access_to(tx, user, recording).permit
            turns = transcript_of(home, tx, permit).turns
    except (Denied, ConsentError, StorageError):
        return {}  # closed since it was found
    return {turn.start_ms: turn for turn in reversed(turns)}
