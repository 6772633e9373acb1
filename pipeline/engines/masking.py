"""A film in which no face is to be known: mosaic, changed voices or none, and who took it out.

The whole picture is a mosaic of 64 by 36 fields at most, gray, ten pictures a second: what is not
in the file cannot be brought back out of it, and nothing has to be found in a picture first. The
voices go through a chain that no other chain undoes exactly: a pitch of its own for each copy
that takes the formants along, overtones moved out of their places, and nothing above the band of a
telephone. How somebody moves and what they say stays, and can be recognized.

Source: McPherson, Shokri, Shmatikov, "Defeating Image Obfuscation with Deep Learning" (2016): a
mosaic of a face is no anonymity to a network that knows the person; hence its own consent.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, cast

import av
import cv2
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from pipeline.engines.containers import (
    Reader,
    Tracks,
    Writer,
    explained,
    index_bytes,
    open_untrusted,
    start_of,
    tracks_of,
    write_mp4,
)
from pipeline.errors import EngineFailed, Failure

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.filter.context import FilterContext
    from typst import Fonts

    from pipeline.engines.containers import MediaPacket

Progress = Callable[[float], None]
Gray = NDArray[np.uint8]

ACROSS, DOWN = 64, 36
"""Fields of the mosaic at most; a film on end has them the other way round."""
FIELD = 10
"""Pixels along a field's side in the copy: room for the mark, and no more of the picture."""
RATE = 10
VOICE_RANGE = (1.16, 1.32)
"""How many times higher a voice may become: past the next speaker, short of a cartoon."""
SHIFT_HZ = 25
"""By how much every tone is moved besides: overtones are no multiples any more."""
_SOUND_RATE = 24_000
_TELEPHONE_HZ = 3_400
_AAC_FRAME = 1024
_MARK = b"""
#set page(width: 1pt * int(sys.inputs.width), height: 1pt * int(sys.inputs.height), margin: 6pt,
  fill: none)
#set text(font: "Source Sans Pro", size: 13pt, fill: white, stroke: 0.3pt + black)
#set par(leading: 0.3em)
#let mark = align(center, sys.inputs.mark)
#place(top + center, mark)
#place(horizon + center, mark)
#place(bottom + center, mark)
"""


def masked(
    reader: Reader,
    writer: Writer,
    *,
    span_ms: tuple[int, int],
    voice: float | None,
    mark: str,
    progress: Progress,
) -> None:
    """Write a masked copy of a film, or of a piece of it. Nothing the file tells goes along.

    Args:
        reader: The film, as browsers play it.
        writer: Where the copy goes, as mp4.
        span_ms: Where the piece begins and ends.
        voice: How many times higher the voices become; None for no sound at all.
        mark: What stands in the picture, all the time: who took the copy out, and when.
        progress: Called with a rising share 0..1.

    Raises:
        EngineFailed: The film cannot be read there, or the copy not be written.
    """
    begin_ms, end_ms = span_ms
    length_ms = end_ms - begin_ms
    room = index_bytes(
        pictures=length_ms * RATE // 1000 + RATE,
        sounds=length_ms * _SOUND_RATE // 1000 // _AAC_FRAME + RATE,
        duration_ms=length_ms,
        even=True,
    )
    try:
        with open_untrusted(reader) as film, write_mp4(writer, index_room=room) as copy:
            tracks = tracks_of(film)
            picture = _Picture(copy, tracks, span_ms=span_ms, mark=mark)
            sound = None
            if voice is not None and tracks.audio is not None:
                sound = _Sound(copy, tracks.audio, span_ms=span_ms, higher=voice)
            missing = {VideoFrame} if sound is None else {VideoFrame, AudioFrame}
            for frame, at_ms in _frames(film, tracks, begin_ms=begin_ms):
                if at_ms >= end_ms:
                    missing.discard(type(frame))  # a file may lay the one down later
                elif isinstance(frame, VideoFrame):
                    picture.take(frame, at_ms=at_ms)
                    progress(min(0.99, max(0.0, (at_ms - begin_ms) / length_ms)))
                elif sound is not None:
                    sound.take(frame, at_ms=at_ms)
                if not missing:
                    break
            picture.finish()
            if sound is not None:
                sound.finish()
    except FFmpegError as error:
        raise explained(error) from None
    progress(1.0)


def _frames(
    film: "InputContainer", tracks: Tracks, *, begin_ms: int
) -> "Iterator[tuple[VideoFrame | AudioFrame, int]]":
    """Yield pictures and sound from the key picture before a place on, each with its time."""
    start = start_of(film)
    film.seek(round((Fraction(begin_ms, 1000) + start) * av.time_base), backward=True)
    for packet in film.demux(tracks.all):
        for frame in cast("MediaPacket", packet).decode():
            if frame.pts is not None and frame.time_base:
                yield frame, round((frame.pts * frame.time_base - start) * 1000)


class _Picture:
    """Makes the mosaic, ten times a second, whatever the film's own rate."""

    def __init__(
        self, copy: "OutputContainer", tracks: Tracks, *, span_ms: tuple[int, int], mark: str
    ) -> None:
        if tracks.video is None:
            raise EngineFailed(Failure.UNREADABLE, detail="no picture")
        self._begin_ms, self._end_ms = span_ms
        self._grid = grid_of(tracks.video.width, tracks.video.height)
        width, height = (side * FIELD for side in self._grid)
        self._mark, self._seen = mark_picture(mark, width=width, height=height)
        self._copy = copy
        self._stream = copy.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.codec_context.options |= {"crf": "18", "x264-params": "no-info=1"}
        self._count = 0
        self._latest: Gray | None = None

    def take(self, frame: VideoFrame, *, at_ms: int) -> None:
        """Show a picture of the film from its time on, until the next one's."""
        self._fill(until_ms=at_ms)
        gray = frame.to_ndarray(format="gray").astype(np.uint8, copy=False)
        self._latest = mosaic(gray, self._grid)

    def finish(self) -> None:
        """Show the last picture to the end of the piece."""
        self._fill(until_ms=self._end_ms)
        if not self._count:
            raise EngineFailed(Failure.UNREADABLE, detail="no picture")
        self._copy.mux(self._stream.encode(None))

    def _fill(self, *, until_ms: int) -> None:
        while self._latest is not None and self._place_ms() < until_ms:
            shown = self._latest * (1 - self._seen) + self._mark * self._seen
            frame = VideoFrame.from_ndarray(shown.astype(np.uint8), format="gray")
            frame.pts, frame.time_base = self._count, Fraction(1, RATE)
            self._copy.mux(self._stream.encode(frame.reformat(format="yuv420p")))
            self._count += 1

    def _place_ms(self) -> int:
        return self._begin_ms + self._count * 1000 // RATE


class _Sound:
    """Changes the voices: asetrate takes pitch and formants along, atempo gives the time back."""

    def __init__(
        self,
        copy: "OutputContainer",
        source: "AudioStream",
        *,
        span_ms: tuple[int, int],
        higher: float,
    ) -> None:
        self._copy = copy
        self._begin_ms, self._end_ms = span_ms
        self._stream = copy.add_stream("aac", rate=_SOUND_RATE)
        self._stream.codec_context.layout = "mono"
        self._stream.codec_context.bit_rate = 64_000
        self._graph = Graph()
        steps = [
            ("aresample", f"{_SOUND_RATE}"),
            ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
            ("asetrate", f"{round(_SOUND_RATE * higher)}"),
            ("aresample", f"{_SOUND_RATE}"),
            ("atempo", f"{1 / higher:.6f}"),
            ("afreqshift", f"shift={SHIFT_HZ}"),
            ("lowpass", f"f={_TELEPHONE_HZ}"),
            ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
        ]
        self._way_in = self._graph.add_abuffer(template=source)
        at: FilterContext = self._way_in
        for name, arguments in steps:
            step = self._graph.add(name, arguments)
            at.link_to(step)
            at = step
        self._way_out = self._graph.add("abuffersink")
        at.link_to(self._way_out)
        self._graph.configure()
        self._count = 0

    def take(self, frame: "AudioFrame", *, at_ms: int) -> None:
        """Pass on a stretch of sound that lies in the piece."""
        if self._begin_ms <= at_ms < self._end_ms:
            frame.pts = None  # counted anew: it begins with the piece
            self._way_in.push(frame)
            self._drain()

    def finish(self) -> None:
        """Write what the chain still holds back."""
        self._way_in.push(None)
        self._drain()
        self._copy.mux(self._stream.encode(None))

    def _drain(self) -> None:
        while True:
            try:
                frame = cast("AudioFrame", self._way_out.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            frame.pts, frame.time_base = self._count, Fraction(1, _SOUND_RATE)
            self._count += frame.samples
            self._copy.mux(self._stream.encode(frame))


def grid_of(width: int, height: int) -> tuple[int, int]:
    """Return how many fields a picture gets across and down: few, and square as far as may be."""
    across, down = (ACROSS, DOWN) if width >= height else (DOWN, ACROSS)
    factor = min(across / width, down / height)
    return max(2, min(across, round(width * factor))), max(2, min(down, round(height * factor)))


def mosaic(picture: Gray, grid: tuple[int, int]) -> Gray:
    """Return a picture of which each field has one tone, its mean."""
    small = cv2.resize(picture, grid, interpolation=cv2.INTER_AREA)
    size = (grid[0] * FIELD, grid[1] * FIELD)
    return cv2.resize(small, size, interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)


def mark_picture(mark: str, *, width: int, height: int) -> tuple[Gray, NDArray[np.float32]]:
    """Return a mark as it lies over a picture, three times, and how much of it covers, 0..1.

    The words travel as data and are never read as markup.
    """
    import typst  # noqa: PLC0415 - 40 MB that only a copy needs

    drawn = typst.compile(
        _MARK,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"mark": mark, "width": str(width), "height": str(height)},
        format="png",
        ppi=72.0,
    )
    image = cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None  # noqa: S101 - it was drawn just now
    covers = (image[..., 3] / 255).astype(np.float32)
    return cv2.cvtColor(image, cv2.COLOR_BGRA2GRAY).astype(np.uint8), covers


@cache
def _fonts() -> "Fonts":
    from typst import Fonts  # noqa: PLC0415 - see above

    with as_file(files("font_source_sans_pro").joinpath("files")) as folder:
        return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
