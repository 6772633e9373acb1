"""What an uploaded file holds, found out without trusting it. Not here: changing anything.

Headers lie and are cut off, so lengths come from walking through every packet. Only the first
picture is decoded. It runs confined, like everything that opens somebody's file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from av.error import ArgumentError, FFmpegError

from pipeline.engines.boxes import lacks_its_index
from pipeline.engines.containers import (
    MOST_PIXELS,
    Reader,
    Tracks,
    open_untrusted,
    pictures_of,
    start_of,
    tracks_of,
)
from pipeline.errors import MediaRefused, Refusal

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from pipeline.engines.containers import MediaPacket

_HDR_TRANSFERS = {16, 18}
"""SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), by their numbers in ITU-T H.273."""
_WIDE_PRIMARIES = {9}
"""ITU-R BT.2020, likewise."""

_COPIED_CONTAINERS = {"mov", "matroska"}
_COPIED_PIXELS = {"yuv420p", "yuvj420p"}
_COPIED_SOUND = {"aac"}
_LONG_SIDE, _SHORT_SIDE = 1280, 720
_BITS_PER_SECOND = 8_000_000
_KEY_GAP_MS = 2_100  # two seconds, as in what is encoded, and a little for changing distances
_LONGEST_PACKET_MS = 60_000
"""A picture may stand for a while; no camera lets one stand longer."""


class Oddity(StrEnum):
    """What is wrong with a file that can be used all the same."""

    ENDS_EARLY = "ends_early"
    UNREADABLE_PART = "unreadable_part"
    CORRUPT_PACKETS = "corrupt_packets"
    FIRST_PICTURE_UNREADABLE = "first_picture_unreadable"


class Way(StrEnum):
    """How a browser-playable copy is made."""

    COPY = "copy"
    COPY_PICTURE = "copy_picture"
    ENCODE = "encode"


class Reason(StrEnum):
    """Why a source cannot be copied as it is."""

    PLAYABLE = "playable"
    NO_PICTURE = "no_picture"
    CONTAINER = "container"
    PICTURE_CODEC = "picture_codec"
    PIXEL_FORMAT = "pixel_format"
    SOUND_CODEC = "sound_codec"
    ROTATED = "rotated"
    INTERLACED = "interlaced"
    COLORS = "colors"
    TOO_LARGE = "too_large"
    BIT_RATE = "bit_rate"
    KEY_PICTURES = "key_pictures"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How to make the copy that browsers play, and why that way."""

    way: Way
    reason: Reason


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken at most.

    Attributes:
        hole_ms: Time without picture or sound, in all; or half the recording if that is more. One
            wrong moment would otherwise make hours of silence out of seconds of film.
    """

    duration_ms: int = 12 * 3_600_000
    streams: int = 16
    pixels: int = MOST_PIXELS
    hole_ms: int = 10 * 60_000


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The picture.

    Attributes:
        rate: Pictures per second on average.
        variable: Their distance varies, so a picture's number says nothing about its time.
        rotation: Degrees clockwise by which players turn it: 0, 90, 180 or 270.
        pixel_aspect: Width of a pixel by its height.
        hdr: Brightness is coded for HDR screens.
        key_gap_ms: Longest distance between two pictures that can be jumped to.
        begins_us: Where the first picture begins, on the file's own clock.
        ends_us: Where the last one ends.
    """

    codec: str
    pixel_format: str
    width: int
    height: int
    rate: float
    variable: bool = False
    rotation: int = 0
    interlaced: bool = False
    pixel_aspect: float = 1.0
    hdr: bool = False
    wide_colors: bool = False
    key_gap_ms: int = 0
    packets: int = 0
    begins_us: int = 0
    ends_us: int = 0


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """The sound."""

    codec: str
    rate: int
    channels: int
    packets: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file holds.

    Attributes:
        duration_ms: Up to the end of what can really be read.
        claimed_ms: What the header says; 0 if it says nothing.
        bit_rate: Bits per second on average over the whole file.
        made_ms: When it was begun by the camera's own clock, ms since 1970; 0 if it does not say.
    """

    container: str
    duration_ms: int
    claimed_ms: int
    bit_rate: int
    video: VideoTrack | None
    audio: AudioTrack | None
    oddities: tuple[Oddity, ...] = ()
    made_ms: int = 0

    def browser_playable(self) -> Verdict:
        """Return how browsers get to play this: by copying, or by encoding what they cannot."""
        reason = self._picture_reason()
        if reason is not Reason.PLAYABLE:
            return Verdict(Way.ENCODE, reason)
        if self.audio is not None and self.audio.codec not in _COPIED_SOUND:
            return Verdict(Way.COPY_PICTURE, Reason.SOUND_CODEC)
        return Verdict(Way.COPY, Reason.PLAYABLE)

    def _picture_reason(self) -> Reason:
        video = self.video
        if video is None:
            return Reason.NO_PICTURE
        sides = sorted((video.width, video.height))
        checks = (
            (Reason.DAMAGED, bool(self.oddities)),
            (Reason.CONTAINER, self.container not in _COPIED_CONTAINERS),
            (Reason.PICTURE_CODEC, video.codec != "h264"),
            (Reason.PIXEL_FORMAT, video.pixel_format not in _COPIED_PIXELS),
            (Reason.COLORS, video.hdr or video.wide_colors),
            (Reason.ROTATED, video.rotation != 0),
            (Reason.INTERLACED, video.interlaced),
            (Reason.TOO_LARGE, sides[0] > _SHORT_SIDE or sides[1] > _LONG_SIDE),
            (Reason.BIT_RATE, self.bit_rate > _BITS_PER_SECOND),
            (Reason.KEY_PICTURES, video.key_gap_ms > _KEY_GAP_MS),
        )
        return next((reason for reason, fails in checks if fails), Reason.PLAYABLE)


def probe(reader: Reader, *, size: int, limits: Limits | None = None) -> Probe:
    """Find out what a file holds.

    Raises:
        MediaRefused: It is no recording, or not one that can be taken.
    """
    limits = limits or Limits()
    if size == 0:
        raise MediaRefused(Refusal.EMPTY)
    try:
        container = open_untrusted(reader)
    except ArgumentError:
        raise MediaRefused(Refusal.TYPE) from None
    except (FFmpegError, OSError, ValueError):
        cut_off = lacks_its_index(reader, size=size)
        raise MediaRefused(Refusal.TRUNCATED if cut_off else Refusal.NOT_MEDIA) from None
    with container:
        return _probe_open(container, size=size, limits=limits)


def _probe_open(container: "InputContainer", *, size: int, limits: Limits) -> Probe:
    if len(container.streams) > limits.streams:
        raise MediaRefused(Refusal.TOO_MANY_STREAMS)
    tracks = tracks_of(container)
    if tracks.video is not None:
        _check_size(tracks.video, limits=limits)
    elif pictures_of(container):
        raise MediaRefused(Refusal.NO_VIDEO_PARAMS)
    if not tracks.all:
        raise MediaRefused(Refusal.NO_STREAMS)
    if tracks.audio is not None and not _has_shape(tracks.audio):
        raise MediaRefused(Refusal.DAMAGED)
    claimed_ms = (container.duration or 0) // 1000
    if claimed_ms > limits.duration_ms:
        raise MediaRefused(Refusal.TOO_LONG)
    walk = _Walk.through(container, tracks)
    duration_ms = walk.end_ms - round(start_of(container) * 1000)
    if duration_ms > limits.duration_ms:
        raise MediaRefused(Refusal.TOO_LONG)
    if duration_ms <= 0:
        raise MediaRefused(Refusal.DAMAGED if claimed_ms else Refusal.TOO_SHORT)
    if walk.hole_ms > max(limits.hole_ms, duration_ms // 2):
        raise MediaRefused(Refusal.DAMAGED)
    return Probe(
        container=container.format.name.split(",", maxsplit=1)[0],
        duration_ms=duration_ms,
        claimed_ms=claimed_ms,
        bit_rate=size * 8_000 // duration_ms,
        video=_video_track(tracks.video, walk, container) if tracks.video is not None else None,
        audio=_audio_track(tracks.audio, walk) if tracks.audio is not None else None,
        oddities=tuple(walk.oddities(claimed_ms=claimed_ms, duration_ms=duration_ms)),
        made_ms=_made_ms(container),
    )


def _check_size(video: "VideoStream", *, limits: Limits) -> None:
    if not video.width or not video.height:
        raise MediaRefused(Refusal.NO_VIDEO_PARAMS)
    if video.width * video.height > limits.pixels:
        raise MediaRefused(Refusal.TOO_LARGE)


def _has_shape(audio: "AudioStream") -> bool:
    """Return whether the sound says what it is; a damaged header says nothing."""
    return bool(audio.codec_context.channels and audio.codec_context.sample_rate)


def _made_ms(container: "InputContainer") -> int:
    try:
        made = datetime.fromisoformat(container.metadata.get("creation_time", ""))
    except ValueError:
        return 0
    return max(0, round((made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp() * 1000))


def _video_track(video: "VideoStream", walk: "_Walk", container: "InputContainer") -> VideoTrack:
    first = walk.first_picture
    aspect = video.sample_aspect_ratio
    transfer = first.color_trc if first is not None else 0
    primaries = first.color_primaries if first is not None else 0
    return VideoTrack(
        codec=video.codec_context.codec.canonical_name,
        pixel_format=video.codec_context.pix_fmt or "",
        width=video.width,
        height=video.height,
        rate=float(video.average_rate or 0),
        variable=walk.variable,
        rotation=-first.rotation % 360 // 90 * 90 if first is not None else 0,
        interlaced=first is not None and bool(first.interlaced_frame),
        pixel_aspect=float(aspect) if aspect else 1.0,
        hdr=int(transfer) in _HDR_TRANSFERS,
        wide_colors=int(primaries) in _WIDE_PRIMARIES,
        key_gap_ms=walk.key_gap_ms,
        packets=len(walk.picture_times_ms),
        begins_us=walk.pictures_begin_us - (container.start_time or 0),
        ends_us=walk.pictures_end_us - (container.start_time or 0),
    )


def _audio_track(audio: "AudioStream", walk: "_Walk") -> AudioTrack:
    return AudioTrack(
        codec=audio.codec_context.codec.canonical_name,
        rate=audio.codec_context.sample_rate,
        channels=audio.codec_context.channels,
        packets=walk.sound_packets,
    )


@dataclass(slots=True)
class _Walk:
    """What one walk through every packet has shown.

    Attributes:
        end_ms: Where the last packet ends, if it is as long as it says.
        filled_ms: Where it ends at the latest, if none is longer than packets are.
        holes_ms: Time before there that no packet fills.
    """

    end_ms: int = 0
    filled_ms: int | None = None
    holes_ms: int = 0
    picture_times_ms: list[int] = field(default_factory=list)
    key_times_ms: list[int] = field(default_factory=list)
    pictures_begin_us: int = 1 << 62
    pictures_end_us: int = 0
    sound_packets: int = 0
    first_picture: "VideoFrame | None" = None
    corrupt: bool = False
    broken_off: bool = False

    @classmethod
    def through(cls, container: "InputContainer", tracks: Tracks) -> Self:
        walk = cls()
        try:
            for packet in container.demux(tracks.all):
                walk._see(cast("MediaPacket", packet), is_picture=packet.stream is tracks.video)
        except FFmpegError:
            walk.broken_off = True
        return walk

    def _see(self, packet: "MediaPacket", *, is_picture: bool) -> None:
        if is_picture and self.first_picture is None:
            self.first_picture = _first_picture(packet)  # an empty packet draws out the last
        self.corrupt |= packet.is_corrupt
        moment = packet.pts if packet.pts is not None else packet.dts
        if moment is None:
            return
        start_ms = round(moment * packet.time_base * 1000)
        length_ms = round((packet.duration or 0) * packet.time_base * 1000)
        self.end_ms = max(self.end_ms, start_ms + length_ms)
        self._fill(start_ms, length_ms)
        if not is_picture:
            self.sound_packets += 1
            return
        self.picture_times_ms.append(start_ms)
        begins_us = round(moment * packet.time_base * 1_000_000)
        ends_us = begins_us + round((packet.duration or 0) * packet.time_base * 1_000_000)
        self.pictures_begin_us = min(self.pictures_begin_us, begins_us)
        self.pictures_end_us = max(self.pictures_end_us, ends_us)
        if packet.is_keyframe:
            self.key_times_ms.append(start_ms)

    def _fill(self, start_ms: int, length_ms: int) -> None:
        filled_ms = start_ms if self.filled_ms is None else self.filled_ms
        if start_ms > filled_ms + _LONGEST_PACKET_MS:
            self.holes_ms += start_ms - filled_ms
        self.filled_ms = max(filled_ms, start_ms + min(length_ms, _LONGEST_PACKET_MS))

    @property
    def hole_ms(self) -> int:
        """How long nothing is seen or heard, in all."""
        return self.holes_ms + max(0, self.end_ms - (self.filled_ms or 0))

    @property
    def variable(self) -> bool:
        """Whether some distance is half as long again as the usual one, and a bit for rounding."""
        gaps = np.diff(np.sort(np.array(self.picture_times_ms)))
        return bool(len(gaps)) and bool(gaps.max() > 1.5 * np.median(gaps) + 2)

    @property
    def key_gap_ms(self) -> int:
        borders = [*self.key_times_ms, self.end_ms]
        return int(np.diff(borders).max()) if len(borders) > 1 else self.end_ms

    def oddities(self, *, claimed_ms: int, duration_ms: int) -> Iterator[Oddity]:
        if claimed_ms and duration_ms < claimed_ms * 0.98 - 1000:
            yield Oddity.ENDS_EARLY
        if self.broken_off:
            yield Oddity.UNREADABLE_PART
        if self.corrupt:
            yield Oddity.CORRUPT_PACKETS
        if self.picture_times_ms and self.first_picture is None:
            yield Oddity.FIRST_PICTURE_UNREADABLE


def _first_picture(packet: "MediaPacket") -> "VideoFrame | None":
    try:
        frames = packet.decode()
    except FFmpegError:
        return None
    return cast("VideoFrame", frames[0]) if frames else None
