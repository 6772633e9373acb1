"""Joining the files of one film into one: its picture copied, its sound written anew without loss.

The picture of each file begins where the one before ends. Sound is decoded, because codecs put a
little silence round the sound of every file, which would be heard at each seam. Not here: in what
order (film_tasks.join), or whose sound it is (dubbing).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from numpy.typing import NDArray

from pipeline.engines.containers import (
    Reader,
    Tracks,
    Writer,
    add_like,
    codecs_of,
    explained,
    index_bytes,
    open_untrusted,
    packets_of,
    tracks_of,
    write_mp4,
)
from pipeline.engines.probing import Probe
from pipeline.engines.sound import decode
from pipeline.errors import MediaRefused, Refusal

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

    from pipeline.engines.containers import MediaPacket

Progress = Callable[[float], None]
Samples = NDArray[np.float32]

RATE = 48_000
MP4 = "mp4"
_SEAM_S = Fraction(40, 1000)
"""Sound runs on over a seam unless it would be further from its picture than anyone notices.
Source: EBU R 37, The relative timing of the sound and vision components of a television signal
(40 ms early, 60 ms late)."""
_FLAC_FRAME = 4608
_FULL_SCALE = 32_767
_AHEAD_S = 1


class JoinHint(StrEnum):
    """What a person should know about how files were joined."""

    OTHER_ORDER = "other_order"
    OTHER_CONVERSATION = "other_conversation"
    RECORDER_SHORT = "recorder_short"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a film, and where it lies in the whole.

    Attributes:
        open: Gives a reader of it from its beginning; each is used once.
        number: Which of the files it is, in the order given, from 1.
        zero: Second of the whole film at which the file's own clock begins.
    """

    open: Callable[[], Reader]
    probe: Probe
    number: int
    zero: Fraction = Fraction(0)

    @property
    def begins(self) -> Fraction:
        """Second of the whole film at which its picture begins, or its sound if it has none."""
        video = self.probe.video
        return self.zero + (Fraction(video.begins_us, 1_000_000) if video is not None else 0)

    @property
    def ends(self) -> Fraction:
        """Second of the whole film at which it ends."""
        video = self.probe.video
        own = video.ends_us * 1000 if video is not None else self.probe.duration_ms * 1_000_000
        return self.zero + Fraction(own, 1_000_000_000)


def in_order(probes: Sequence[Probe]) -> tuple[int, ...]:
    """Return the files' places in the order in which the camera made them.

    The camera's clock is believed where it tells a story: every file was begun after the one
    before had ended. Else the order stays as it was given; a program that has written the files
    anew stamps them within moments of each other.
    """
    given = tuple(range(len(probes)))
    if not all(probe.made_ms for probe in probes):
        return given
    told = sorted(given, key=lambda place: probes[place].made_ms)
    made = [(probes[place].made_ms, probes[place].duration_ms) for place in told]
    whole_seconds = 1000  # clocks in files count no finer
    follows = all(
        later >= earlier + length - whole_seconds
        for (earlier, length), (later, _) in pairwise(made)
    )
    return tuple(told) if follows else given


def in_line(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the files one behind the other, each picture beginning where the last has ended.

    Raises:
        MediaRefused: A file cannot be joined to the first.
    """
    placed: list[Piece] = []
    for piece in pieces:
        _check_joinable(piece.probe, pieces[0].probe, number=piece.number)
        end = placed[-1].ends if placed else Fraction(0)
        late = piece.begins - piece.zero if placed else Fraction(0)
        placed.append(replace(piece, zero=end - late))
    return tuple(placed)


def sound_of(
    pieces: Sequence[Piece], *, channels: int, rate: int, progress: Progress = lambda _: None
) -> Iterator[Samples]:
    """Yield the sound of files placed in line, as one: shape (channels, n).

    Sound alone is joined without a seam. With a picture, what a file lacks is silence, and what
    it has too much at a seam is left out.
    """
    done = 0
    for number, piece in enumerate(pieces):
        if piece.probe.audio is not None:
            late = piece.zero - Fraction(done, rate) if piece.probe.video is not None else 0
            drop = 0
            if late > _SEAM_S:
                yield np.zeros((channels, round(late * rate)), np.float32)
                done += round(late * rate)
            elif late < -_SEAM_S:
                drop = round(-late * rate)
            share = partial(shared, progress, number, len(pieces))
            for chunk in decode(
                piece.open(), duration_ms=piece.probe.duration_ms, progress=share, rate=rate
            ):
                kept = chunk[:, drop:]
                drop -= chunk.shape[1] - kept.shape[1]
                done += kept.shape[1]
                yield with_channels(kept, channels)
    if pieces[-1].probe.video is not None:
        rest = round(pieces[-1].ends * rate) - done
        if rest > 0:
            yield np.zeros((channels, rest), np.float32)


def shared(progress: Progress, number: int, count: int, part: float) -> None:
    """Tell how far all is, from how far one of several equal pieces of work is."""
    progress((number + part) / count)


def with_channels(samples: Samples, channels: int) -> Samples:
    """Return sound in as many channels: one doubled, or two brought together."""
    if len(samples) == channels:
        return samples
    if channels == 1:
        return np.asarray(samples.mean(0, keepdims=True), np.float32)
    return np.repeat(samples[:1], channels, axis=0)


def join(
    pieces: Sequence[Piece],
    sound: Iterator[Samples] | None,
    writer: Writer,
    *,
    progress: Progress,
) -> None:
    """Write one mp4 of the files' pictures, copied, and the sound, kept without loss.

    Raises:
        MediaRefused: A file cannot be joined to the first.
        EngineFailed: A file could not be read to its end, or the film not be written.
    """
    seconds = float(pieces[-1].ends)
    room = index_bytes(
        pictures=sum(p.probe.video.packets for p in pieces if p.probe.video is not None),
        sounds=round((seconds + 60) * RATE / _FLAC_FRAME),
        duration_ms=round(seconds * 1000),
        even=False,
    )
    try:
        with write_mp4(writer, index_room=room) as target:
            _write(target, pieces, sound, progress=progress)
    except FFmpegError as error:
        raise explained(error) from None
    progress(1.0)


def _write(
    target: "OutputContainer",
    pieces: Sequence[Piece],
    sound: Iterator[Samples] | None,
    *,
    progress: Progress,
) -> None:
    picture = _Picture(target, pieces)
    track = _Sound(target, sound) if sound is not None else None
    for at_s, packet in picture.packets():
        if track is not None:
            track.write_until(at_s + _AHEAD_S)
        target.mux(packet)
        progress(min(0.99, float(at_s / pieces[-1].ends)))
    if track is not None:
        track.write_until(None)
        track.finish()


class _Picture:
    """The pictures of all files as one track."""

    def __init__(self, target: "OutputContainer", pieces: Sequence[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece.probe.video is not None]
        self._target = target

    def packets(self) -> "Iterator[tuple[Fraction, MediaPacket]]":
        """Yield each packet with the second at which it is decoded, in rising order."""
        stream = None
        first_header = None
        last = Fraction(-(10**6))
        for piece in self._pieces:
            with open_untrusted(piece.open()) as source:
                video = tracks_of(source).video
                assert video is not None  # noqa: S101 - the probe has seen it
                header = video.codec_context.extradata
                if stream is None:
                    first_header = header
                    stream = add_like(self._target, [video])[video.index]
                elif header != first_header:
                    raise MediaRefused(Refusal.NOT_JOINABLE, file=piece.number)
                for packet in packets_of(source, Tracks(video=video, audio=None)):
                    last = _put(packet, zero=piece.zero, after=last)
                    packet.stream = stream
                    yield last, packet


def _put(packet: "MediaPacket", *, zero: Fraction, after: Fraction) -> Fraction:
    """Put a packet on the whole film's clock, behind the one before. Return when it is decoded."""
    step = packet.time_base
    shift = round(zero / step)
    packet.dts = max((packet.dts or 0) + shift, int(after // step) + 1)
    packet.pts = max((packet.pts or 0) + shift, packet.dts)
    return packet.dts * step


class _Sound:
    """The sound as a lossless track, written a little ahead of the picture."""

    def __init__(self, target: "OutputContainer", chunks: Iterator[Samples]) -> None:
        self._target = target
        self._chunks = chunks
        self._stream: AudioStream | None = None
        self._done = 0
        self._next = next(chunks, None)
        if self._next is not None:
            self._layout = "stereo" if len(self._next) > 1 else "mono"
            self._stream = target.add_stream("flac", rate=RATE)
            self._stream.codec_context.layout = self._layout
            self._stream.codec_context.format = "s16"

    def write_until(self, second: Fraction | None) -> None:
        """Write what is heard before a moment, or all."""
        while self._next is not None and (second is None or self._done < second * RATE):
            assert self._stream is not None  # noqa: S101 - made with the first chunk
            self._target.mux(self._stream.encode(self._frame(self._next)))
            self._done += self._next.shape[1]
            self._next = next(self._chunks, None)

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._stream is not None:
            self._target.mux(self._stream.encode(None))

    def _frame(self, chunk: Samples) -> AudioFrame:
        whole_numbers = np.clip(np.round(chunk * _FULL_SCALE), -_FULL_SCALE - 1, _FULL_SCALE)
        interleaved = np.ascontiguousarray(whole_numbers.astype(np.int16).T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=self._layout)
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._done
        return frame


def _check_joinable(probe: Probe, first: Probe, *, number: int) -> None:
    if (probe.video is None) != (first.video is None):
        raise MediaRefused(Refusal.NOT_JOINABLE, file=number)
    if probe.video is None or first.video is None:
        return
    if probe.video.codec not in codecs_of(MP4):
        raise MediaRefused(Refusal.NOT_JOINABLE, file=number)
    mine, theirs = (
        (v.codec, v.pixel_format, v.width, v.height, v.rotation, v.interlaced)
        for v in (probe.video, first.video)
    )
    if mine != theirs:
        raise MediaRefused(Refusal.NOT_JOINABLE, file=number)
