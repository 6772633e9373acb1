"""The ffmpeg program and what it is told. Not here: running it.

The program encodes faster than the library, so it makes the copy that browsers play. It reads
the source from a pipe and writes Matroska to a pipe; it never gets a path.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ffmpeg
import imageio_ffmpeg

from pipeline.engines.containers import codecs_of
from pipeline.engines.probing import Probe, VideoTrack
from pipeline.errors import EngineFailed, Failure

OLDEST = (5, 1)
"""The first version that knows ``-fps_mode``."""
SHORT_SIDE = 720
FASTEST, SLOWEST = 30, 10
KEY_EVERY_S = 2
"""A jump then decodes two seconds at most; every second costs a tenth more space."""
WAVE_SIZE = (640, 360)
WAVE_RATE = 10
SOUND_RATE = 48_000
PASSED_ON = frozenset(
    {"avi", "mpegts", "mpeg", "asf", "wav", "w64", "aiff", "mp3", "flac", "ogg", "aac", "amr"}
)
"""Containers that can be read from a pipe and are passed on as they are. Some keep in their own
places what others need to know (times, headers of the sound), and name no other file."""
MATROSKA = "matroska"
NUT = "nut"
"""Takes the few old codecs that Matroska has no name for, but no HDR description."""


@dataclass(frozen=True, slots=True)
class Program:
    """An ffmpeg that can do the work."""

    path: str
    version: str
    tone_maps: bool


@dataclass(frozen=True, slots=True)
class Proxy:
    """The shape of the copy that browsers play."""

    width: int
    height: int
    rate: int
    channels: int


def find_program() -> Program:
    """Return the system's ffmpeg if it is recent and has the encoders, else the packaged one.

    Raises:
        EngineFailed: There is none that can do the work.
    """
    for path in filter(None, (shutil.which("ffmpeg"), _packaged())):
        program = _inspected(path)
        if program is not None:
            return program
    raise EngineFailed(Failure.PROGRAM_MISSING)


def _packaged() -> str | None:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return None


@lru_cache(maxsize=4)
def _inspected(path: str) -> Program | None:
    version = re.match(r"ffmpeg version n?(\d+)\.(\d+)\S*", _say(path, "-version"))
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        return None
    if not re.search(r"^ V\S+ libx264 ", _say(path, "-encoders"), re.MULTILINE):
        return None
    tone_maps = re.search(r"^ \S+ zscale ", _say(path, "-filters"), re.MULTILINE)
    return Program(path=path, version=version[0].split()[-1], tone_maps=bool(tone_maps))


def _say(path: str, question: str) -> str:
    try:
        answer = subprocess.run(
            [path, "-hide_banner", question] if question != "-version" else [path, question],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace")


def proxy_of(probe: Probe) -> Proxy:
    """Return the shape of a recording's copy: at most 720 lines and 30 pictures a second."""
    channels = min(2, max(1, probe.audio.channels)) if probe.audio is not None else 0
    video = probe.video
    if video is None:
        return Proxy(*WAVE_SIZE, rate=WAVE_RATE, channels=channels)
    width, height = upright_size(video)
    factor = min(1.0, SHORT_SIDE / min(width, height))
    wanted = FASTEST if video.variable else round(video.rate)
    return Proxy(
        width=_even(width * factor),
        height=_even(height * factor),
        rate=min(FASTEST, max(SLOWEST, wanted)),
        channels=channels,
    )


def upright_size(video: VideoTrack) -> tuple[float, float]:
    """Return width and height as seen: square pixels, turned upright."""
    width, height = video.width * video.pixel_aspect, float(video.height)
    return (height, width) if video.rotation in {90, 270} else (width, height)


def feed_format(probe: Probe) -> str:
    """Return in which format the source is passed to the program."""
    if probe.container in PASSED_ON:
        return probe.container
    codecs = {track.codec for track in (probe.video, probe.audio) if track is not None}
    return MATROSKA if codecs <= codecs_of(MATROSKA) else NUT


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def command(probe: Probe, *, program: Program) -> list[str]:
    """Return the command line that makes a recording's copy, from pipe to pipe."""
    shape = proxy_of(probe)
    source = ffmpeg.input(
        "pipe:0", format=feed_format(probe), protocol_whitelist="pipe", noautorotate=None
    )
    picture = (
        _wave(source.audio, shape)
        if probe.video is None
        else _picture(source.video, probe.video, shape=shape, program=program)
    )
    streams = [picture, *([_sound(source.audio)] if probe.audio is not None else [])]
    output = ffmpeg.output(*streams, "pipe:1", **_encoding(shape, probe=probe))
    arguments: list[str] = ffmpeg.compile(
        output.global_args(
            *("-nostdin", "-hide_banner", "-nostats", "-loglevel", "error"),
            *("-progress", "pipe:2", "-stats_period", "0.5"),
        ),
        cmd=program.path,
    )
    return arguments


def _picture(stream: Any, video: VideoTrack, *, shape: Proxy, program: Program) -> Any:  # noqa: ANN401
    if video.interlaced:
        stream = stream.filter("bwdif", mode="send_frame")
    # The encoder's own choice of pictures may be two late; and what is left out is not scaled.
    stream = stream.filter("fps", shape.rate, start_time=0)
    for name, arguments in _TURNS[video.rotation]:
        stream = stream.filter(name, **arguments)
    # Turned already: players that read this note would turn it again.
    stream = stream.filter("sidedata", mode="delete", type="DISPLAYMATRIX")
    stream = stream.filter("scale", shape.width, shape.height, flags="bicubic")
    if video.hdr and program.tone_maps:
        stream = _tone_mapped(stream)
    elif video.hdr or video.wide_colors:
        stream = stream.filter("format", "yuv420p10le").filter(
            "colorspace", all="bt709", iall="bt2020", fast=1
        )
    return stream.filter("setsar", 1).filter("format", "yuv420p")


_TURNS: dict[int, list[tuple[str, dict[str, str]]]] = {
    0: [],
    90: [("transpose", {"dir": "clock"})],
    180: [("hflip", {}), ("vflip", {})],
    270: [("transpose", {"dir": "cclock"})],
}


def _tone_mapped(stream: Any) -> Any:  # noqa: ANN401
    return (
        stream.filter("zscale", transfer="linear", npl=100)
        .filter("format", "gbrpf32le")
        .filter("zscale", primaries="bt709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", transfer="bt709", matrix="bt709", range="limited")
    )


def _wave(stream: Any, shape: Proxy) -> Any:  # noqa: ANN401
    """Draw the sound, so that a recording without picture has something to look at."""
    return stream.filter(
        "showwaves",
        size=f"{shape.width}x{shape.height}",
        rate=shape.rate,
        mode="cline",
        colors="0x8FB8AE",
    ).filter("format", "yuv420p")


def _sound(stream: Any) -> Any:  # noqa: ANN401
    """Fill gaps with silence, so that a word is heard where its time says."""
    return stream.filter("aresample", SOUND_RATE, **{"async": 1, "first_pts": 0})


def _encoding(shape: Proxy, *, probe: Probe) -> dict[str, Any]:
    key_every = shape.rate * KEY_EVERY_S
    options: dict[str, Any] = {
        "format": MATROSKA,
        "vcodec": "libx264",
        "preset": "veryfast",
        "crf": 23 if probe.video is not None else 30,
        "maxrate": "4M",
        "bufsize": "8M",
        "g": key_every,
        "keyint_min": key_every,
        "sc_threshold": 0,
        "fps_mode": "cfr",
        "r": shape.rate,
        "t": probe.duration_ms / 1000,
        "map_metadata": -1,
        "map_chapters": -1,
    }
    if shape.channels:
        options |= {"acodec": "aac", "ac": shape.channels, "audio_bitrate": 80_000 * shape.channels}
    return options
