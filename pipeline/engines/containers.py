"""How media files are opened and written: what may be opened, and an index at the front.

Every file here is a file-like object, so a recording is read from and written to its
encrypted form directly. Not here: what a file holds (probing), or how it is re-encoded.
"""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Protocol, cast

import av
from av.error import FFmpegError

from pipeline.errors import EngineFailed, Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    MediaPacket = Packet[AudioStream] | Packet[VideoStream]

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,mxf,dv,wav,w64,aiff,caf,mp3,flac,"
    "ogg,aac,amr"
)
"""Demuxers that read one file and nothing else. Playlists, concatenations and pictures are left
out: such a file may name others, and the library would open them."""

HEAD_BYTES = 8 * 1024 * 1024
"""How much of its beginning an encrypting writer can rewrite; the index must fit in it."""
_BEFORE_INDEX_BYTES = 4096
_INDEX_AT_LEAST = 64 * 1024
_INDEX_PER_SECOND = 64
_SIZE, _ORDER, _LENGTH = 4, 8, 8
"""Bytes in the index for a packet's size, its place among reordered ones, and its length where
that differs from its neighbor's (ISO/IEC 14496-12: stsz, ctts, stts)."""

MOST_PIXELS = 8192 * 4320
"""In one picture: the largest that cameras make."""
_AT_ONCE = 256 * 1024


class Reader(Protocol):
    """A seekable source of plaintext."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Return at most so many bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""

    def tell(self) -> int:
        """Return the place."""


class Writer(Protocol):
    """A sink whose head and latest bytes may be rewritten."""

    def write(self, data: bytes, /) -> int | None:
        """Write all of the bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""

    def tell(self) -> int:
        """Return the place."""


class Sink(Protocol):
    """Where a stream goes that needs no seeking."""

    def write(self, data: bytes, /) -> int | None:
        """Write all of the bytes."""


class _NamelessReader:
    """A reader without a name: a name would steer the guess of the format."""

    def __init__(self, reader: Reader) -> None:
        self.read = reader.read
        self.seek = reader.seek
        self.tell = reader.tell


class _NamelessWriter:
    """A writer without a name, which only its owner closes."""

    def __init__(self, writer: Writer) -> None:
        self.write = writer.write
        self.seek = writer.seek
        self.tell = writer.tell


class _PipeReader:
    """A pipe that shows no way to seek, so that none is tried."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.read = pipe.read


class _PipeWriter:
    """Likewise for writing."""

    def __init__(self, pipe: Sink) -> None:
        self.write = pipe.write


@dataclass(frozen=True, slots=True)
class Tracks:
    """The streams of a recording that are used: the first real picture, the first sound."""

    video: "VideoStream | None"
    audio: "AudioStream | None"

    @property
    def all(self) -> "list[VideoStream | AudioStream]":
        """The ones that are there."""
        return [stream for stream in (self.video, self.audio) if stream is not None]


def open_untrusted(reader: Reader) -> "InputContainer":
    """Open somebody's file: one container of a known kind, which can name no other file."""
    reader.seek(0)
    options = {
        "format_whitelist": FORMATS,
        "protocol_whitelist": "none",
        "probesize": "20000000",
        "analyzeduration": "20000000",
    }
    return av.open(
        _NamelessReader(reader),
        mode="r",
        options=options,
        metadata_errors="replace",
        buffer_size=_AT_ONCE,
    )


def open_pipe(pipe: IO[bytes], *, container_format: str) -> "InputContainer":
    """Open the stream that a program of ours writes."""
    return av.open(_PipeReader(pipe), mode="r", format=container_format)


def write_pipe(pipe: Sink, *, container_format: str) -> "OutputContainer":
    """Open a stream towards a program of ours, in a format that needs no seeking."""
    return av.open(_PipeWriter(pipe), "w", format=container_format)


@lru_cache(maxsize=4)
def codecs_of(container_format: str) -> frozenset[str]:
    """Return the codecs that a format can hold."""
    with av.open(io.BytesIO(), "w", format=container_format) as container:
        return frozenset(container.supported_codecs)


def add_like(
    target: "OutputContainer", streams: "Iterable[VideoStream | AudioStream]"
) -> "dict[int, VideoStream | AudioStream]":
    """Add a copy of each stream, codec and all. Return them by the index of the original."""
    return {s.index: target.add_stream_from_template(s, opaque=True) for s in streams}


def index_bytes(*, pictures: int, sounds: int, duration_ms: int, even: bool) -> int:
    """Return how long an mp4's index can become, as laid out by ``write_mp4``.

    Args:
        pictures: Packets of picture at most.
        sounds: Packets of sound at most.
        duration_ms: Length of the film.
        even: Packets of a kind are all equally long.
    """
    length = 0 if even else _LENGTH
    packets = pictures * (_SIZE + _ORDER + length) + sounds * (_SIZE + length)
    return _INDEX_AT_LEAST + packets + duration_ms * _INDEX_PER_SECOND // 1000


def write_mp4(writer: Writer, *, index_room: int) -> "OutputContainer":
    """Open an mp4 whose index lies in front, so that a browser plays before it has the whole.

    Packets are laid down in chunks of a second, which keeps the index short. An index that
    outgrows the head comes at the end, where ranges still reach it.

    Args:
        writer: Where it goes. Stays open.
        index_room: Bytes to leave for the index, from ``index_bytes``.
    """
    options = {"chunk_duration": "1000000"}
    if index_room + _BEFORE_INDEX_BYTES <= HEAD_BYTES:
        options["moov_size"] = str(index_room)
    return av.open(
        _NamelessWriter(writer), "w", format="mp4", options=options, buffer_size=_AT_ONCE
    )


def write_flac(writer: Writer) -> "OutputContainer":
    """Open a FLAC file, whose header is completed at the end."""
    return av.open(_NamelessWriter(writer), "w", format="flac")


def tracks_of(container: "InputContainer") -> Tracks:
    """Return the first picture and the first sound that can be decoded."""
    return Tracks(
        video=next(filter(_decodable, pictures_of(container)), None),
        audio=next(filter(_decodable, container.streams.audio), None),
    )


def _decodable(stream: "VideoStream | AudioStream") -> bool:
    """Return whether there is a decoder; the library's types claim that there always is."""
    return getattr(stream, "codec_context", None) is not None


def pictures_of(container: "InputContainer") -> "list[VideoStream]":
    """Return the moving pictures, decodable or not, passing over cover art."""
    cover = av.stream.Disposition.attached_pic
    return [s for s in container.streams.video if not s.disposition & cover]


def start_of(container: "InputContainer") -> Fraction:
    """Return the moment, in seconds, that every clock of ours calls zero."""
    return Fraction(container.start_time or 0, av.time_base)


def packets_of(container: "InputContainer", tracks: Tracks) -> "Iterator[MediaPacket]":
    """Yield every packet of the tracks, on our clock and with both of its times.

    Matroska does not store when a packet is to be decoded, and the library leaves that open for
    the first ones of a film whose pictures are reordered. They are held back until it is known,
    and counted back from there.
    """
    start = start_of(container)
    clocks = {stream.index: _Clock() for stream in tracks.all}
    for some_packet in container.demux(tracks.all):
        packet = cast("MediaPacket", some_packet)
        if packet.dts is None and packet.pts is None:
            continue
        offset = round(start / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts - offset
        packet.dts = None if packet.dts is None else packet.dts - offset
        yield from clocks[packet.stream.index].timed(packet)
    for clock in clocks.values():
        yield from clock.rest()


_HELD_AT_MOST = 64
"""More than any codec reorders."""


class _Clock:
    """Completes the times of one stream's packets."""

    def __init__(self) -> None:
        self._held: list[MediaPacket] = []
        self._last: int | None = None

    def timed(self, packet: "MediaPacket") -> "Iterator[MediaPacket]":
        """Yield the packets whose times are complete by now."""
        if self._last is None:
            self._held.append(packet)
            if packet.dts is not None or len(self._held) > _HELD_AT_MOST:
                yield from self.rest()
            return
        if packet.dts is None:
            packet.dts = self._last + max(1, packet.duration or 0)
        packet.dts = max(packet.dts, self._last + 1)
        packet.pts = packet.dts if packet.pts is None else max(packet.pts, packet.dts)
        self._last = packet.dts
        yield packet

    def rest(self) -> "Iterator[MediaPacket]":
        """Yield those that were held back."""
        held, self._held = self._held, []
        known = next((p.dts for p in held if p.dts is not None), None)
        shown = sorted(p.pts for p in held if p.pts is not None)
        step = max(1, min((b - a for a, b in pairwise(shown)), default=1))
        if known is None:
            first = min(
                (p.pts - step * i for i, p in enumerate(held) if p.pts is not None), default=0
            )
        else:
            first = known - step * (len(held) - 1)
        for number, packet in enumerate(held):
            packet.dts = first + step * number
            packet.pts = packet.dts if packet.pts is None else max(packet.pts, packet.dts)
            self._last = packet.dts
            yield packet


def end_ms_of(packet: "MediaPacket") -> int:
    """Return when a packet's picture or sound is over."""
    return round(((packet.pts or 0) + (packet.duration or 0)) * packet.time_base * 1000)


def explained(error: Exception, code: Failure = Failure.UNREADABLE) -> Exception:
    """Return what lies behind a library's error: that of our own reader or writer, else ours.

    The library's words are left out, because they may quote the file.
    """
    cause: BaseException | None = error
    while isinstance(cause, FFmpegError) and cause.__context__ is not None:
        cause = cause.__context__
    if isinstance(cause, Exception) and not isinstance(cause, FFmpegError):
        return cause
    return EngineFailed(code, detail=type(error).__name__)
