"""Join: several files of one conversation become one film with one sound.

The camera's files follow each other. A separate recorder's sound is laid under them where it was
heard, its clock drawn to the camera's; from here on it is the film's sound. A film that came in
one file passes as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any

from consent.gate import Permit
from consent.model import RecordingId
from pipeline.analysis import alignment
from pipeline.analysis.alignment import Alignment
from pipeline.engines import dubbing, joining
from pipeline.engines.joining import Piece, Samples, in_line, in_order, sound_of
from pipeline.engines.probing import probe
from pipeline.engines.sound import mono_numbers
from pipeline.errors import MediaRefused, Refusal
from pipeline.stages.workshop import Progress, Workshop, film_to_blame
from storage.records import BlobRole

_PROBED, _COMPARED = 0.2, 0.5
"""How far the stage is after the first looks, and after comparing sounds."""
_CHANNELS = 2
_MISSED_S = 1.0
"""For how long the recorder may be missing before it is told."""


class JoinHint(StrEnum):
    """What a person should know about how files were joined."""

    OTHER_ORDER = "other_order"
    OTHER_CONVERSATION = "other_conversation"
    RECORDER_SHORT = "recorder_short"


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


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Join the files of a film, and keep how its sounds were brought together.

    Raises:
        MediaRefused: A file cannot be worked with or not be joined; the code tells which.
    """
    permit = shop.permit(recording)
    sources = shop.sources(permit)
    if len(sources) <= 1:
        return
    film = _sorted(_probed(shop, permit))
    if film.recorder and not film.heard:
        raise MediaRefused(Refusal.CAMERA_SILENT)
    with film_to_blame():
        found = _aligned(film, progress=partial(_between, shop.progress, _PROBED, _COMPARED))
        with shop.new(permit, BlobRole.JOINED) as writer:
            joining.join(
                film.camera,
                _sound(film, found) if film.heard else None,
                writer,
                progress=partial(_between, shop.progress, _COMPARED, 1.0),
            )
    shop.save_document(permit, BlobRole.ALIGNMENT, _account(film, found))


def _between(progress: Progress, start: float, end: float, share: float) -> None:
    progress(start + share * (end - start))


def _probed(shop: Workshop, permit: Permit) -> tuple[Piece, ...]:
    """Return what each file holds, in the order given."""
    pieces = []
    sources = shop.sources(permit)
    for number, source in enumerate(sources, start=1):
        try:
            with source() as reader:
                pieces.append(Piece(source, probe(reader, size=reader.size)))
        except MediaRefused as error:
            raise MediaRefused(error.refusal, file=number) from error
        shop.progress(_PROBED * number / len(sources))
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
