"""The sound of a recording as numbers: decoding, keeping, drawing. Not here: understanding it.

Channels are never mixed: which of two microphones hears a voice first tells who speaks.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from numpy.typing import NDArray

from pipeline.engines.containers import (
    Reader,
    Writer,
    explained,
    open_untrusted,
    start_of,
    tracks_of,
    write_flac,
)
from pipeline.errors import Failure, MediaRefused, Refusal

if TYPE_CHECKING:
    from av.container import InputContainer

Progress = Callable[[float], None]
Samples = NDArray[np.float32]

RATE = 16_000
CHUNK_S = 10
_TOLERATED_GAP = 0.05
"""Seconds. Smaller gaps are rounding of the container; larger ones are filled with silence."""
_LONGEST_GAP_S = 12 * 3600
_LONGEST_ROOM_S = 4 * 3600
_FULL_SCALE = 32_767
_CANCELED = 0.1


def decode(
    reader: Reader, *, duration_ms: int, progress: Progress, rate: int = RATE
) -> Iterator[Samples]:
    """Yield a recording's sound at 16 kHz, or another rate, in chunks of about ten seconds.

    Each is float32 of shape (channels, n), one or two channels as in the source. Sample 0 is
    the moment 0 of the picture: a late start and gaps within are filled with silence, and
    what cannot be decoded is silent too. Memory stays that of a few chunks.

    Raises:
        MediaRefused: There is no sound.
        EngineFailed: The source could not be opened.
    """
    try:
        container = open_untrusted(reader)
    except FFmpegError as error:
        raise explained(error) from None
    with container:
        audio = tracks_of(container).audio
        if audio is None:
            raise MediaRefused(Refusal.NO_SOUND)
        converter = _Converter(min(2, max(1, audio.codec_context.channels)), rate=rate)
        done = 0
        for chunk in _in_chunks(_pieces(container, converter), samples=CHUNK_S * rate):
            done += chunk.shape[1]
            progress(min(0.99, done * 1000 / rate / max(1, duration_ms)))
            yield chunk
    progress(1.0)


def mono_numbers(chunks: Iterable[Samples]) -> NDArray[np.int16]:
    """Return all chunks as one channel of whole numbers, a quarter of what ``whole`` takes.

    Two channels that work against each other would cancel out: then the louder one is taken.
    """
    return np.concatenate([np.zeros(0, np.int16), *map(_mono, chunks)])


def _mono(chunk: Samples) -> NDArray[np.int16]:
    mixed = chunk.mean(0)
    powers = np.square(chunk).sum(1)
    if np.square(mixed).sum() < powers.max() * _CANCELED:
        mixed = chunk[int(powers.argmax())]
    return np.asarray(np.clip(mixed * _FULL_SCALE, -_FULL_SCALE, _FULL_SCALE), np.int16)


def whole(chunks: Iterable[Samples], *, duration_ms: int = 0) -> Samples:
    """Return all chunks as one array: 230 MB for each hour and channel, and not twice that.

    Args:
        chunks: As ``decode`` gives them.
        duration_ms: About how long they will be; where it is known, nothing is copied twice.

    Raises:
        MediaRefused: There is no sound.
    """
    room = min(duration_ms // 1000 + CHUNK_S, _LONGEST_ROOM_S) * RATE
    joined: Samples | None = None
    filled = 0
    for chunk in chunks:
        channels, length = chunk.shape
        if joined is None:
            joined = np.empty((channels, max(room, length)), np.float32)
        if filled + length > joined.shape[1]:
            more = np.empty((channels, max(length, filled // 4)), np.float32)
            joined = np.concatenate([joined[:, :filled], more], axis=1)
        joined[:, filled : filled + length] = chunk
        filled += length
    if joined is None:
        raise MediaRefused(Refusal.NO_SOUND)
    return joined[:, :filled]


def store_flac(chunks: Iterable[Samples], writer: Writer) -> int:
    """Write sound as lossless 16-bit FLAC, half the size of plain samples. Return its length in ms.

    It is read back with ``decode``. The writer stays open.

    Raises:
        MediaRefused: There is no sound.
        EngineFailed: It could not be written.
    """
    samples = 0
    with write_flac(writer) as target:
        stream = None
        try:
            for chunk in chunks:
                layout = "stereo" if len(chunk) > 1 else "mono"
                if stream is None:
                    stream = target.add_stream("flac", rate=RATE)
                    stream.codec_context.layout = layout
                    stream.codec_context.format = "s16"
                target.mux(stream.encode(_frame(chunk, layout=layout, at=samples)))
                samples += chunk.shape[1]
            if stream is not None:
                target.mux(stream.encode(None))
        except FFmpegError as error:
            raise explained(error, Failure.UNWRITABLE) from None
    if not samples:
        raise MediaRefused(Refusal.NO_SOUND)
    return samples * 1000 // RATE


def waveform(samples: Samples, n: int = 2000) -> bytes:
    """Return how loud the sound is at ``n`` places, 0..255, to draw under the player.

    Each value is the loudest moment of its stretch. The scale is the recording's own, so a
    quiet one is as readable as a loud one; a few bangs do not flatten the rest.
    """
    length = samples.shape[1]
    borders = np.linspace(0, length, n + 1).astype(np.int64)
    peaks = np.zeros(n)
    for place in range(n):
        stretch = samples[:, borders[place] : max(borders[place + 1], borders[place] + 1)]
        if stretch.size:
            peaks[place] = max(float(stretch.max()), -float(stretch.min()), 0.0)
    top = float(np.percentile(peaks, 99)) or float(peaks.max())
    if not top:
        return bytes(n)
    return np.clip(np.round(peaks / top * 255), 0, 255).astype(np.uint8).tobytes()


def _frame(chunk: Samples, *, layout: str, at: int) -> AudioFrame:
    whole_numbers = np.clip(np.round(chunk * _FULL_SCALE), -_FULL_SCALE - 1, _FULL_SCALE)
    interleaved = np.ascontiguousarray(whole_numbers.astype(np.int16).T).reshape(1, -1)
    frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = at
    return frame


class _Converter:
    """Brings frames to one rate and float32, whatever they are, even if they change on the way."""

    def __init__(self, channels: int, *, rate: int) -> None:
        self.channels = channels
        self._rate = rate
        self._layout = "stereo" if channels > 1 else "mono"
        self._kind: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None

    def convert(self, frame: AudioFrame) -> Iterator[Samples]:
        """Yield what can be given out by now."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            self._kind = kind
            self._resampler = AudioResampler(format="fltp", layout=self._layout, rate=self._rate)
        assert self._resampler is not None  # noqa: S101 - made above
        frame.pts = None  # gaps are filled before, by our own clock
        for piece in self._resampler.resample(frame):
            yield piece.to_ndarray().astype(np.float32, copy=False)

    def flush(self) -> Iterator[Samples]:
        """Yield what was held back."""
        if self._resampler is not None:
            for piece in self._resampler.resample(None):
                yield piece.to_ndarray().astype(np.float32, copy=False)
            self._resampler = None
            self._kind = None

    def silence(self, seconds: float) -> Iterator[Samples]:
        """Yield silence of a length, a second at a time."""
        samples = round(seconds * self._rate)
        for done in range(0, samples, self._rate):
            yield np.zeros((self.channels, min(self._rate, samples - done)), np.float32)


def _pieces(container: "InputContainer", converter: _Converter) -> Iterator[Samples]:
    expected = float(start_of(container))
    for frame in _frames(container):
        moment = expected if frame.time is None else frame.time
        gap = moment - expected
        if _TOLERATED_GAP < gap < _LONGEST_GAP_S:
            yield from converter.flush()
            yield from converter.silence(gap)
            expected = moment
        elif gap < -_TOLERATED_GAP:
            continue  # told twice: a broken container repeats itself
        yield from converter.convert(frame)
        expected += frame.samples / frame.sample_rate
    yield from converter.flush()


def _frames(container: "InputContainer") -> Iterator[AudioFrame]:
    audio = tracks_of(container).audio
    packets = container.demux(audio)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return  # the probe has said how far the source can be read
        try:
            yield from packet.decode()  # type: ignore[misc] # its track is sound
        except FFmpegError:
            continue  # this moment stays silent


def _in_chunks(pieces: Iterable[Samples], *, samples: int) -> Iterator[Samples]:
    held: list[Samples] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += piece.shape[1]
        if length >= samples:
            yield np.concatenate(held, axis=1)
            held, length = [], 0
    if length:
        yield np.concatenate(held, axis=1)
