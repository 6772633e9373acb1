"""What a stage works with: the home, the engines, and a way to tell how far it has come."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from consent.gate import Permit
from consent.model import RecordingId
from pipeline.analysis.sound import Sound
from pipeline.children.confinement import Allowance
from pipeline.children.keeper import Task, do_confined
from pipeline.children.parent import MEMORY_MIB
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.ports import Diarizer, Recognizer, VoiceActivity
from pipeline.engines.sound import decode, whole
from pipeline.errors import EngineFailed, Failure, MediaRefused, Refusal
from storage import consent_ledger, media, parts, recordings, vocabulary
from storage.corrected_text import Clamp
from storage.errors import NotFound
from storage.home import Home
from storage.own_text import own_text_of
from storage.records import BlobRole, Recording, Transcript, Turn
from storage.subtitles import Subtitles
from storage.transcripts import transcript_version, turns_to_json
from storage.vault import VaultReader
from storage.vocabulary import Vocabulary

Progress = Callable[[float], None]

_CPU_S_LEAST = 1_800
_CPU_S_PER_SECOND = 60
"""Ten times what the slowest kinds of film take (4K HEVC in HDR), all cores together."""
_BYTES_PER_CPU_S = 1_000_000


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
    diarizer: Callable[[], Diarizer]


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

    @cached_property
    def diarizer(self) -> Diarizer:
        """What tells voices apart."""
        return self.engines.diarizer()

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

    def on_film(
        self,
        task: FilmTask,
        source: VaultReader | Sequence[VaultReader],
        *,
        target: io.RawIOBase | None = None,
        length_ms: int = 0,
        readable: Iterable[Path] = (),
        **args: object,
    ) -> Any:  # noqa: ANN401 - JSON
        """Let a confined process do a task, and return the small JSON that it answers.

        Somebody's file is only ever opened this way. Check what is returned.

        Args:
            task: What is done.
            source: What it reads: a file, or several.
            target: What it writes, if anything.
            length_ms: How long the film is, where that is known.
            readable: What it must be able to read besides libraries: a program.
            args: The task's other arguments, small JSON.

        Raises:
            MediaRefused: The file is not taken, or is damaged.
        """
        sources = source if isinstance(source, Sequence) else (source,)
        with film_to_blame():
            return do_confined(
                Task(task.function, args),
                source=source,
                target=target,
                progress=self.progress,
                allowance=Allowance(
                    memory_mib=MEMORY_MIB,
                    cpu_s=_CPU_S_LEAST
                    + sum(each.size for each in sources) // _BYTES_PER_CPU_S
                    + length_ms // 1000 * _CPU_S_PER_SECOND,
                ),
                readable=readable,
            )

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

    def own_text(self, permit: Permit) -> Subtitles | None:
        """Return the text that somebody has handed in, if any; nothing is recognized then."""
        with self.home.reading() as tx:
            return own_text_of(self.home, tx, permit)

    def _open_film(self, permit: Permit) -> VaultReader:
        with self.home.reading() as tx:
            return media.open_film(self.home, tx, permit)

    def transcript(self, permit: Permit) -> Transcript:
        """Return the text as people have corrected it."""
        with self.home.reading() as tx:
            return media.transcript_of(self.home, tx, permit)

    def vocabulary(self, permit: Permit) -> Vocabulary:
        """Return the words that the recognizer of the recording's language is to be told."""
        with self.home.reading() as tx:
            language = recordings.recording(tx, permit.recording).language
            return vocabulary.vocabulary(tx, language)

    def clamps(self, permit: Permit) -> tuple[Clamp, ...]:
        """Return where people have said who speaks."""
        with self.home.reading() as tx:
            return media.clamps(self.home, tx, permit)

    def has_text(self, permit: Permit, turns: Iterable[Turn]) -> bool:
        """Return whether the machine's latest version of the text is these turns."""
        try:
            with self.home.reading() as tx:
                latest = transcript_version(tx, permit)
        except NotFound:
            return False
        kept = media.machine_turns(self.home, latest)
        return turns_to_json(kept) == turns_to_json(turns)

    def save_document(self, permit: Permit, role: BlobRole, value: object) -> None:
        """Keep a JSON value as a blob."""
        media.save_document(self.home, permit, role, value)
