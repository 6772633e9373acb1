"""Join several files into one film; see ``pipeline.engines.joining``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from pipeline.analysis import alignment
from pipeline.analysis.alignment import Alignment
from pipeline.engines import dubbing, joining
from pipeline.engines.containers import Writer
from pipeline.engines.joining import JoinHint, Piece, Samples, in_line, in_order, sound_of
from pipeline.engines.opened import Opened, Ranges
from pipeline.engines.probing import probe
from pipeline.engines.sound import Progress, mono_numbers
from pipeline.errors import MediaRefused, Refusal

_PROBED, _COMPARED = 0.2, 0.5
"""How far the task is after the first looks, and after comparing sounds."""
_CHANNELS = 2
_MISSED_S = 1.0
"""For how long the recorder may be missing before it is told."""


@dataclass(frozen=True, slots=True)
class _Film:
    """The files in their order: the camera's, and another recorder's."""

    camera: tuple[Piece, ...]
    recorder: tuple[Piece, ...]
    reordered: bool

    @property
    def heard(self) -> bool:
        """Whether the camera recorded sound."""
        return any(piece.probe.audio is not None for piece in self.camera)

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return round(self.camera[-1].ends * 1000)


def run(files: Sequence[Ranges], target: Writer, *, progress: Progress) -> dict[str, Any]:
    """Write one film and return how the files were brought together: a ``Joined``.

    Raises:
        MediaRefused: A file cannot be worked with or not be joined; the code tells which.
    """
    film = _sorted(_probed(files, progress=progress))
    if film.recorder and not film.heard:
        raise MediaRefused(Refusal.CAMERA_SILENT)
    found = _aligned(film, progress=partial(_between, progress, _PROBED, _COMPARED))
    joining.join(
        film.camera,
        _sound(film, found) if film.heard else None,
        target,
        progress=partial(_between, progress, _COMPARED, 1.0),
    )
    return _account(film, found)


def _between(progress: Progress, start: float, end: float, share: float) -> None:
    progress(start + share * (end - start))


def _probed(files: Sequence[Ranges], *, progress: Progress) -> tuple[Piece, ...]:
    """Return what each file holds, in the order given."""
    pieces = []
    for number, file in enumerate(files, start=1):
        try:
            found = probe(Opened(file), size=file.size)
        except MediaRefused as error:
            raise MediaRefused(error.refusal, file=number) from error
        pieces.append(Piece(partial(Opened, file), found, number))
        progress(_PROBED * number / len(files))
    return tuple(pieces)


def _sorted(pieces: Sequence[Piece]) -> _Film:
    """Return who recorded what, each one's files in order; sound alone is a film of its own."""
    seen = [piece for piece in pieces if piece.probe.video is not None]
    heard = [piece for piece in pieces if piece.probe.video is None]
    camera, recorder = (seen, heard) if seen else (heard, [])
    orders = [in_order([piece.probe for piece in some]) for some in (camera, recorder)]
    return _Film(
        camera=in_line([camera[place] for place in orders[0]]),
        recorder=in_line([recorder[place] for place in orders[1]]) if recorder else (),
        reordered=any(list(order) != sorted(order) for order in orders),
    )


def _aligned(film: _Film, *, progress: Progress) -> Alignment | None:
    """Return where the recorder's sound lies under the camera's; None if there is no recorder."""
    if not film.recorder:
        return None
    everything = len(film.camera) + 1
    files = [
        mono_numbers(
            sound_of(
                [replace(piece, zero=Fraction(0))],  # by its own clock, as lines count
                channels=_CHANNELS,
                rate=alignment.RATE,
                progress=partial(joining.shared, progress, number, everything),
            )
        )
        for number, piece in enumerate(film.camera)
    ]
    recorder = mono_numbers(sound_of(film.recorder, channels=_CHANNELS, rate=alignment.RATE))
    return alignment.align(files, recorder)


def _sound(film: _Film, found: Alignment | None) -> Iterator[Samples]:
    own = sound_of(film.camera, channels=_channels(film.camera), rate=joining.RATE)
    if found is None or not found.sure:
        return own
    channels = _channels(film.recorder)
    return dubbing.dubbed(
        own,
        partial(sound_of, film.recorder, channels=channels, rate=joining.RATE),
        length=round(film.recorder[-1].ends * joining.RATE),
        places=dubbing.stretches(film.camera, found.lines),
        channels=channels,
    )


def _channels(pieces: Sequence[Piece]) -> int:
    return min(2, max(p.probe.audio.channels for p in pieces if p.probe.audio is not None))


def _account(film: _Film, found: Alignment | None) -> dict[str, Any]:
    """Return how the files were brought together, and what a person should know of it."""
    account: dict[str, Any] = {"files": len(film.camera) + len(film.recorder)}
    if film.recorder:
        account["confidence"] = found.confidence if found is not None else 0.0
    if found is not None and found.sure:
        account |= {
            "begins_s": [line.begins_s for line in found.lines],
            "drift_ppm": found.drift_ppm,
            "spread_ms": found.spread_ms,
        }
    account["hints"] = [
        {"code": code, "start_ms": start_ms, "end_ms": end_ms}
        for code, start_ms, end_ms in _hints(film, found)
    ]
    return account


def _hints(film: _Film, found: Alignment | None) -> Iterator[tuple[JoinHint, int, int]]:
    if film.reordered:
        yield JoinHint.OTHER_ORDER, 0, film.length_ms
    if not film.recorder:
        return
    if found is None or not found.sure:
        yield JoinHint.OTHER_CONVERSATION, 0, film.length_ms
        return
    length_s = float(film.recorder[-1].ends)
    for piece, line in zip(film.camera, found.lines, strict=True):
        starts_s = float(piece.zero) + max(0.0, -line.begins_s / line.rate)
        stops_s = float(piece.zero) + (length_s - line.begins_s) / line.rate
        for from_s, to_s in (
            (float(piece.begins), min(starts_s, float(piece.ends))),
            (max(stops_s, float(piece.begins)), float(piece.ends)),
        ):
            if to_s - from_s > _MISSED_S:
                yield JoinHint.RECORDER_SHORT, round(from_s * 1000), round(to_s * 1000)
