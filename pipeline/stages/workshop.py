"""What a stage works with: the home, the engines, and a way to tell how far it has come."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from consent.gate import Permit
from consent.model import RecordingId
from pipeline.analysis.sound import Sound
from pipeline.engines.ports import Recognizer, VoiceActivity
from pipeline.engines.sound import decode, whole
from pipeline.errors import EngineFailed, Failure, MediaRefused, Refusal
from storage import consent_ledger, media, parts, recordings
from storage.errors import NotFound
from storage.home import Home
from storage.records import BlobRole, Recording, Transcript, Turn
from storage.transcripts import turns_to_json
from storage.vault import VaultReader

Progress = Callable[[float], None]


@contextmanager
def film_to_blame() -> Iterator[None]:
    """Refuse a film that an engine cannot read in the block: trying again would not help.

    Raises:
        MediaRefused: It is damaged.
    """
    try:
        yield
    except EngineFailed as error:
        if error.code is Failure.UNREADABLE:
            raise MediaRefused(Refusal.DAMAGED) from error
        raise


@dataclass(frozen=True)
class Engines:
    """How to make each engine. Models load only when a stage first needs them."""

    recognizer: Callable[[], Recognizer]
    voice_activity: Callable[[], VoiceActivity]


@dataclass(frozen=True)
class Workshop:
    """The place a stage runs in."""

    home: Home
    engines: Engines
    progress: Progress

    @cached_property
    def recognizer(self) -> Recognizer:
        """The speech recognizer in use."""
        return self.engines.recognizer()

    @cached_property
    def voice_activity(self) -> VoiceActivity:
        """What finds speech in sound."""
        return self.engines.voice_activity()

    def permit(self, recording: RecordingId) -> Permit:
        """Return a permit for supervision at this moment.

        Raises:
            ConsentMissing: Someone has not agreed, or no longer agrees.
        """
        with self.home.reading() as tx:
            return consent_ledger.permit(tx, recording)

    def recording(self, recording: RecordingId) -> Recording:
        """Return a recording's own facts."""
        with self.home.reading() as tx:
            return recordings.recording(tx, recording)

    @contextmanager
    def open(self, permit: Permit, role: BlobRole) -> Iterator[VaultReader]:
        """Give a seekable reader of one blob."""
        with self.home.reading() as tx:
            reader = media.open_media(self.home, tx, permit, role)
        with reader:
            yield reader

    @contextmanager
    def film(self, permit: Permit) -> Iterator[VaultReader]:
        """Give a seekable reader of the whole film, in however many files it came."""
        with self._open_film(permit) as reader:
            yield reader

    def sources(self, permit: Permit) -> tuple[Callable[[], VaultReader], ...]:
        """Return for each file that the film came in what opens it, in the order given."""
        with self.home.reading() as tx:
            files = parts.parts_of(tx, permit.recording)
            if len(files) <= 1:
                return (partial(self._open_film, permit),)
        return tuple(partial(media.open_part, self.home, permit, file) for file in files)

    @contextmanager
    def new(self, permit: Permit, role: BlobRole) -> Iterator[io.RawIOBase]:
        """Give a writer whose blob counts once it is whole."""
        with media.new_media(self.home, permit, role) as writer:
            yield writer

    def sound(self, permit: Permit) -> Sound:
        """Return the decoded sound, all channels."""
        length_ms = self.recording(permit.recording).duration_ms or 0
        with self.open(permit, BlobRole.AUDIO) as reader:
            chunks = decode(reader, duration_ms=length_ms, progress=lambda _: None)
            return Sound(whole(chunks, duration_ms=length_ms))

    def document(self, permit: Permit, role: BlobRole) -> Any:  # noqa: ANN401 - JSON
        """Return a JSON value kept as a blob."""
        with self.open(permit, role) as reader:
            return json.loads(reader.read())

    def _open_film(self, permit: Permit) -> VaultReader:
        with self.home.reading() as tx:
            return media.open_film(self.home, tx, permit)

    def transcript(self, permit: Permit) -> Transcript:
        """Return the latest version of the text."""
        with self.home.reading() as tx:
            return media.transcript_of(self.home, tx, permit)

    def has_text(self, permit: Permit, turns: Iterable[Turn]) -> bool:
        """Return whether the latest version of the text is these turns."""
        try:
            kept = self.transcript(permit).turns
        except NotFound:
            return False
        return turns_to_json(kept) == turns_to_json(turns)

    def save_document(self, permit: Permit, role: BlobRole, value: object) -> None:
        """Keep a JSON value as a blob."""
        media.save_document(self.home, permit, role, value)
