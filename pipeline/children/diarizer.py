"""Which diarizer the settings choose, and the keeper's side of one that is not ours.

A foreign one gets the sound and its words and nothing else: no key, no network, no file but its
models. What it says is checked and otherwise not believed.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import StringConstraints, TypeAdapter

from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.diarization.features import frame_count
from pipeline.analysis.sound import Diarization, Sound
from pipeline.children.confinement import Allowance
from pipeline.children.keeper import Task, do_confined
from pipeline.children.parent import MEMORY_MIB
from pipeline.engines import foreign
from pipeline.engines.errors import DiarizerMissing
from pipeline.engines.ports import Diarizer
from pipeline.engines.pyannote import check_voice_pipeline
from pipeline.engines.sherpa import check_voice_models
from pipeline.errors import EngineFailed, Failure
from storage.records import SoundLayout, Word
from storage.settings import Settings

MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class _Shipped:
    """An adapter that comes with Samspil, for a library that does not.

    Attributes:
        adapter: ``module:name``.
        library: What must be installed.
        check: Whether a folder holds its models; raises VoiceModelsMissing.
    """

    adapter: str
    library: str
    check: Callable[[Path], None]


SHIPPED = {
    "sherpa-onnx": _Shipped(
        "pipeline.engines.sherpa:SherpaDiarizer", "sherpa_onnx", check_voice_models
    ),
    "pyannote.audio": _Shipped(
        "pipeline.engines.pyannote:PyannoteDiarizer", "pyannote.audio", check_voice_pipeline
    ),
}
_CPU_S_LEAST = 600
_CPU_S_PER_SECOND = 60
"""Many times what neural diarizers take on a processor, all cores together."""
_ROUNDING = 0.01


def chosen_diarizer(settings: Settings) -> Diarizer:
    """Return what tells voices apart: our own way, one of ``SHIPPED``, or a site's ``module:name``.

    Raises:
        DiarizerMissing: It is not installed here.
        VoiceModelsMissing: It is, but its models are not.
    """
    folder = settings.diarizer_folder()
    if settings.diarizer == MEASURED:
        return MeasuredDiarizer()
    if shipped := SHIPPED.get(settings.diarizer):
        if not installed(shipped.library):
            raise DiarizerMissing(settings.diarizer)
        shipped.check(folder)
        return ForeignDiarizer(settings.diarizer, adapter=shipped.adapter, folder=folder)
    return ForeignDiarizer(
        settings.diarizer,
        adapter=settings.diarizer,
        folder=folder,
        place=_place_of(settings.diarizer),
    )


def installed(library: str) -> bool:
    """Return whether a library can be imported here."""
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # not even what it is a part of
        return False


def _place_of(adapter: str) -> Path:
    """Return the folder that holds an adapter's package or module, without importing it."""
    module, _, name = adapter.partition(":")
    spec = find_spec(module.partition(".")[0]) if module and name else None
    if spec is None:
        raise DiarizerMissing(adapter)
    inside = list(spec.submodule_search_locations or ()) or [spec.origin or ""]
    return Path(inside[0]).parent


@dataclass(frozen=True, slots=True)
class ForeignDiarizer:
    """A diarizer that runs confined, once for each call.

    Attributes:
        adapter: ``module:name`` of what makes it from a folder of models.
        folder: The models; the only files that it may read besides libraries.
        place: Where the adapter lies, if not where ours do.
    """

    name: str
    adapter: str
    folder: Path
    place: Path | None = None

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[tuple[int, int]],
        words: Sequence[Word],
        speakers: int,
        layout: SoundLayout,
        language: str,
        seed: int = 0,
    ) -> Diarization:
        """Return what it says.

        Raises:
            EngineFailed: It has crashed, or said what is no diarization.
            WorkTooLong: It has used up its time.
            TaskFailed: It has raised an error.
            ChildDied: It was killed, as it is when memory runs out.
        """
        told = foreign.Told(speech, words, speakers, layout, language, seed)
        frames = frame_count(sound.samples.shape[1])
        said = _Said(most=frames * speakers * np.dtype(np.float16).itemsize)
        answer = do_confined(
            Task(
                f"{foreign.__name__}:{foreign.run.__name__}",
                {
                    "adapter": self.adapter,
                    "place": self.place and str(self.place),
                    "folder": str(self.folder),
                    "told": told.to_json(),
                },
            ),
            source=[_Channel(each) for each in sound.samples],
            target=said,
            progress=lambda _: None,
            allowance=Allowance(
                memory_mib=MEMORY_MIB,
                cpu_s=_CPU_S_LEAST + sound.duration_ms // 1000 * _CPU_S_PER_SECOND,
            ),
            readable=self._readable(),
        )
        try:
            about = _ABOUT.validate_python(answer)
            posteriors = np.frombuffer(said.getvalue(), np.float16).reshape(frames, speakers)
        except ValueError:
            raise _no_diarization() from None
        sums = posteriors.astype(np.float32).sum(1)
        near_one = np.abs(sums - 1) < _ROUNDING
        if posteriors.min(initial=0) < 0 or not np.all(near_one | (sums == 0)):
            raise _no_diarization()
        return Diarization(posteriors, about.engine, about.separability, about.graded)

    def _readable(self) -> Iterator[Path]:
        yield self.folder
        if self.place is not None:
            yield self.place


@dataclass(frozen=True, slots=True)
class _About:
    """What comes back beside the posteriors; nothing in which a voice could be described."""

    engine: Annotated[str, StringConstraints(pattern=r"^[\w./:-]{1,64}$")]
    separability: float | None
    graded: bool


_ABOUT = TypeAdapter(_About)


class _Channel:
    """One channel as a file of float32."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._bytes = np.ascontiguousarray(samples).data.cast("B")
        self.size = len(self._bytes)

    def pread(self, offset: int, length: int, /) -> bytes:
        return bytes(self._bytes[offset : offset + length])


class _Said(io.BytesIO):
    """Takes what is said up to the size of a true answer."""

    def __init__(self, *, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes, /) -> int:  # type: ignore[override] # no other buffer comes
        if self.tell() + len(data) > self._most:
            raise _no_diarization()
        return super().write(data)


def _no_diarization() -> EngineFailed:
    return EngineFailed(Failure.CRASHED, detail="said what is no diarization")
