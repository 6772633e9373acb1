"""The copy that browsers play, made by copying and by encoding."""

import io
import os
import subprocess
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.engines.ffmpeg import STALL_S, Encoded, encode
from pipeline.engines.ffmpeg_command import Program, command, find_program, proxy_of
from pipeline.engines.probing import AudioTrack, Probe, VideoTrack, Way, probe
from pipeline.engines.remux import remux
from pipeline.engines.sound import decode, whole
from pipeline.errors import EngineFailed, Failure
from tests import films
from tests.faults.test_children import programs_of
from tests.films import WindowWriter


def probed(data: bytes) -> Probe:
    return probe(io.BytesIO(data), size=len(data))


def encoded(data: bytes) -> tuple[bytes, Encoded, list[float]]:
    writer, progress = WindowWriter(), list[float]()
    done = encode(io.BytesIO(data), writer, probe=probed(data), progress=progress.append)
    return writer.getvalue(), done, progress


def copied(data: bytes, *, encode_sound: bool = False) -> tuple[bytes, list[float]]:
    writer, progress = WindowWriter(), list[float]()
    remux(
        io.BytesIO(data),
        writer,
        probe=probed(data),
        progress=progress.append,
        encode_sound=encode_sound,
    )
    return writer.getvalue(), progress


def pictures(data: bytes) -> list[tuple[float, np.ndarray]]:
    with av.open(io.BytesIO(data)) as container:
        return [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]


def flash_and_beep(data: bytes) -> tuple[float, float]:
    """Return when the picture turns white and when the tone begins, in seconds."""
    flash = next(at for at, picture in pictures(data) if picture.mean() > 128)
    sound = whole(decode(io.BytesIO(data), duration_ms=4000, progress=lambda _: None))
    return flash, float(np.argmax(np.abs(sound[0]) > 0.1)) / 16_000


def flash_film(suffix: str = "mp4", *codecs: str) -> bytes:
    return films.made(
        suffix,
        *("-f", "lavfi", "-i", "color=black:s=160x90:r=25:d=4"),
        *("-f", "lavfi", "-i", "aevalsrc='if(gte(t,2),0.5*sin(6000*t),0)':s=48000:d=4"),
        *("-vf", "drawbox=enable='gte(t,2)':color=white:t=fill"),
        *(codecs or ("-c:v", "libx264", "-bf", "2", "-pix_fmt", "yuv420p")),
    )


KINDS: dict[str, Callable[[], bytes]] = {
    "mp4": films.phone_film,
    "mov": lambda: films.made(
        "mov", *films.picture(), *films.tone(), "-c:v", "prores", "-c:a", "pcm_s16be"
    ),
    "mkv": lambda: films.made("mkv", *films.picture(), *films.tone(), *films.X264),
    "webm": lambda: films.made(
        "webm", *films.picture(), *films.tone(), "-c:v", "libvpx", "-deadline", "realtime"
    ),
    "avi with reordered pictures": lambda: films.made(
        "avi", *films.picture(), *films.tone(), "-c:v", "mpeg4", "-bf", "2"
    ),
    "mts": lambda: films.made("mts", *films.picture(), *films.tone(), *films.X264, *films.AAC),
    "3gp of an old phone": lambda: films.made(
        "3gp", *films.picture(size="352x288"), *films.tone(), "-c:v", "h263", "-c:a", "aac"
    ),
    "uneven": films.uneven_film,
    "damaged": lambda: films.flipped(films.phone_film(3)),
    "cut off": lambda: films.front_film()[:150_000],
    "mp3": lambda: films.made("mp3", *films.tone()),
    "wav": lambda: films.made("wav", *films.tone()),
    "m4a": lambda: films.made("m4a", *films.tone()),
    "flac": lambda: films.made("flac", *films.tone()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_a_film_that_browsers_play_and_jump_in(kind: str) -> None:
    source = KINDS[kind]()
    data, done, progress = encoded(source)
    found = probed(data)
    assert found.browser_playable().way is Way.COPY
    assert found.video is not None
    assert found.video.key_gap_ms <= 2_100
    assert not found.video.variable
    assert found.duration_ms == pytest.approx(probed(source).duration_ms, abs=100)
    assert done.duration_ms == pytest.approx(found.duration_ms, abs=50)
    assert films.boxes(data).index(b"moov") < films.boxes(data).index(b"mdat")
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


def test_channels_are_kept() -> None:
    for channels in (1, 2):
        found = probed(encoded(films.phone_film(channels=channels))[0])
        assert found.audio is not None
        assert found.audio.channels == channels


@pytest.mark.parametrize(
    ("degrees", "size", "red_at"),
    [
        (0, (320, 180), (90, 40)),
        (90, (180, 320), (40, 90)),
        (180, (320, 180), (90, 280)),
        (270, (180, 320), (280, 90)),
    ],
)
def test_a_turned_film_comes_out_upright(
    degrees: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    data, done, _ = encoded(films.turned_film(degrees))
    found = probed(data)
    assert found.video is not None
    assert (found.video.width, found.video.height) == (done.width, done.height) == size
    assert found.video.rotation == 0
    red, _, blue = pictures(data)[0][1][red_at]
    assert red > 150
    assert blue < 100


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mts"])
def test_picture_and_sound_stay_together(suffix: str) -> None:
    source = flash_film(suffix)
    for data in (encoded(source)[0], *([copied(source)[0]] if suffix != "mts" else [])):
        flash, beep = flash_and_beep(data)
        assert flash == pytest.approx(2.0, abs=0.045)
        assert beep == pytest.approx(2.0, abs=0.025)


def test_sound_alone_gets_something_to_look_at() -> None:
    data, _, _ = encoded(films.made("wav", *films.tone(2)))
    assert max(float(picture.std()) for _, picture in pictures(data)) > 5


def test_a_large_film_becomes_smaller_and_keeps_its_shape() -> None:
    track = VideoTrack("hevc", "yuv420p", 3840, 2160, 60.0)
    shape = proxy_of(Probe("mov", 1000, 1000, 1, track, AudioTrack("aac", 48_000, 6)))
    assert (shape.width, shape.height, shape.rate, shape.channels) == (1280, 720, 30, 2)
    tall = VideoTrack("hevc", "yuv420p", 1920, 1080, 25.0, rotation=90, pixel_aspect=1.0)
    shape = proxy_of(Probe("mov", 1000, 1000, 1, tall, None))
    assert (shape.width, shape.height, shape.channels) == (720, 1280, 0)


@pytest.mark.parametrize("tone_maps", [True, False])
def test_an_hdr_film_comes_out_in_ordinary_colors(tone_maps: bool) -> None:  # noqa: FBT001
    source = films.made(
        "mov",
        *films.picture(0.4),
        *(
            "-c:v",
            "libx265",
            "-x265-params",
            "log-level=none:colorprim=9:transfer=18:colormatrix=9",
        ),
        *("-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67"),
        *("-colorspace", "bt2020nc", "-preset", "ultrafast"),
    )
    found = probed(source)
    assert found.video is not None
    assert found.video.hdr
    program = find_program()
    writer = WindowWriter()
    encode(
        io.BytesIO(source),
        writer,
        probe=found,
        progress=lambda _: None,
        program=Program(program.path, program.version, tone_maps=tone_maps),
    )
    made = probed(writer.getvalue())
    assert made.video is not None
    assert not made.video.hdr
    assert not made.video.wide_colors
    assert made.video.pixel_format == "yuv420p"


HDR_FIELDS = (64, 200, 350, 502, 572, 720, 940)
"""Brightness of seven gray fields, coded with ten bits: 64 is black, 940 the brightest."""


@pytest.mark.parametrize(
    ("transfer", "number", "white"), [("smpte2084", 16, 572), ("arib-std-b67", 18, 720)]
)
def test_hdr_brightness_is_brought_to_ordinary_screens(
    transfer: str, number: int, white: int
) -> None:
    """White paper, at 203 candela a square meter (ITU-R BT.2408), stays white, gray stays gray."""
    plain = "color=s=32x64:r=25:d=0.2,format=yuv420p10le"
    fields = [
        word
        for luma in HDR_FIELDS
        for word in ("-f", "lavfi", "-i", f"{plain},geq=lum={luma}:cb=512:cr=512")
    ]
    source = films.made(
        "mov",
        *fields,
        *("-filter_complex", f"hstack=inputs={len(HDR_FIELDS)}", "-c:v", "libx265"),
        *("-x265-params", f"log-level=none:colorprim=9:transfer={number}:colormatrix=9:qp=4"),
        *("-pix_fmt", "yuv420p10le", "-preset", "ultrafast", "-color_primaries", "bt2020"),
        *("-color_trc", transfer, "-colorspace", "bt2020nc"),
    )
    assert find_program().tone_maps
    _, picture = pictures(encoded(source)[0])[0]
    shown = [picture[20:40, at * 32 + 8 : at * 32 + 24] for at in range(len(HDR_FIELDS))]
    means = [float(field.mean()) for field in shown]
    assert means == sorted(means)
    assert means[0] < 10
    assert means[-1] > 245
    assert 170 < means[HDR_FIELDS.index(white)] < 235
    assert all(np.ptp(field.mean((0, 1))) < 6 for field in shown)


def onsets(data: bytes) -> list[float]:
    """Return when the picture turns from black to white, in seconds."""
    bright = [(at, picture.mean() > 128) for at, picture in pictures(data)]
    return [at for (_, before), (at, now) in pairwise(bright) if now and not before]


def test_pictures_at_changing_distances_are_seen_when_they_were_taken() -> None:
    """To a picture of the copy, to the end, with a pause of a second in between."""
    flashes = "drawbox=enable='lt(mod(t,1.37),0.4)':color=white:t=fill"
    some = "select='not(between(t,7,8))*gt(random(1),0.5+0.4*gt(mod(t,5),2.5))'"
    source = films.made(
        "mp4",
        *("-f", "lavfi", "-i", "color=black:s=64x36:r=60:d=20", *films.tone(20)),
        *("-vf", f"{flashes},{some}", "-fps_mode", "vfr", *films.X264, "-g", "60", *films.AAC),
    )
    found = probed(source)
    assert found.video is not None
    assert found.video.variable
    taken, shown = onsets(source), onsets(encoded(source)[0])
    assert len(taken) > 10
    assert taken[-1] > 17
    assert shown == pytest.approx(taken, abs=1 / 30)
    assert onsets(copied(source)[0]) == pytest.approx(taken, abs=0.002)


def test_copying_changes_no_picture() -> None:
    source = films.phone_film()
    data, progress = copied(source)
    assert all(
        np.array_equal(a[1], b[1]) and a[0] == pytest.approx(b[0], abs=0.002)
        for a, b in zip(pictures(source), pictures(data), strict=True)
    )
    assert films.boxes(data).index(b"moov") < films.boxes(data).index(b"mdat")
    assert progress == sorted(progress)


def test_only_the_sound_is_encoded_if_asked() -> None:
    source = flash_film("mov", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le")
    data, _ = copied(source, encode_sound=True)
    found = probed(data)
    assert found.audio is not None
    assert found.audio.codec == "aac"
    assert found.browser_playable().way is Way.COPY
    assert flash_and_beep(data) == pytest.approx((2.0, 2.0), abs=0.025)


def test_tags_of_the_source_are_left_behind() -> None:
    source = films.made(
        "mp4",
        *films.picture(1),
        *films.X264,
        *("-metadata", "title=Uxnvaplq", "-metadata", "location=+55.6+12.5/"),
        *("-metadata:s:v", "handler_name=Uxnvaplq"),
    )
    assert b"Uxnvaplq" in source
    for data in (encoded(source)[0], copied(source)[0]):
        assert b"Uxnvaplq" not in data
        assert b"+55.6" not in data


def test_an_output_that_ends_early_is_no_success() -> None:
    source = films.phone_film()
    claim = Probe("mov", 60_000, 60_000, 1, probed(source).video, probed(source).audio)
    with pytest.raises(EngineFailed) as failed:
        encode(io.BytesIO(source), WindowWriter(), probe=claim, progress=lambda _: None)
    assert failed.value.code is Failure.INCOMPLETE


def test_a_program_that_fails_says_so_without_quoting_the_film() -> None:
    source = films.phone_film()
    false = Program("/bin/false", "0", tone_maps=False)
    with pytest.raises(EngineFailed) as failed:
        encode(
            io.BytesIO(source),
            WindowWriter(),
            probe=probed(source),
            progress=lambda _: None,
            program=false,
        )
    assert failed.value.code is Failure.PROGRAM_FAILED
    assert str(failed.value) == "engine failed: program_failed exit 1"


def test_a_film_that_nothing_comes_out_of_is_to_blame() -> None:
    """So ffmpeg ends where no picture and no sound could be decoded: well, and without a word."""
    source = films.phone_film()
    with pytest.raises(EngineFailed) as failed:
        encode(
            io.BytesIO(source),
            WindowWriter(),
            probe=probed(source),
            progress=lambda _: None,
            program=Program("/bin/true", "0", tone_maps=False),
        )
    assert failed.value.code is Failure.UNREADABLE


def test_an_error_of_the_reader_reaches_the_caller() -> None:
    class KeyGone(Exception):
        pass

    class Locked(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100_000:
                raise KeyGone
            return super().read(min(size or 0, 10_000))

    source = films.phone_film()
    before = set(threading.enumerate())
    with pytest.raises(KeyGone):
        encode(Locked(source), WindowWriter(), probe=probed(source), progress=lambda _: None)
    assert set(threading.enumerate()) <= before


def test_an_error_of_the_writer_ends_the_program() -> None:
    class Full(WindowWriter):
        def write(self, data: bytes) -> int:
            if self.tell() > 50_000:
                raise OSError(28, "no space left")
            return super().write(data)

    source = films.phone_film()
    before = programs_of(os.getpid())
    with pytest.raises(OSError, match="no space left"):
        encode(io.BytesIO(source), Full(), probe=probed(source), progress=lambda _: None)
    assert set(programs_of(os.getpid())) <= set(before)


def test_the_command_names_no_file() -> None:
    line = command(probed(films.phone_film()), program=find_program())
    assert [word for word in line[1:] if word.startswith("pipe:")] == ["pipe:0", "pipe:1", "pipe:2"]
    assert not [word for word in line[1:] if "/" in word and not word.startswith("[")]


def test_the_program_is_one_that_answers() -> None:
    said = subprocess.run([find_program().path, "-version"], capture_output=True, check=True)
    assert find_program().version in said.stdout.decode()


def test_a_program_that_stands_still_is_ended(tmp_path: Path) -> None:
    """It says that it lives, as the real one does while its threads wait for each other."""
    path = tmp_path / "still"
    path.write_text(
        "#!/bin/sh\ncat > /dev/null\nwhile true; do echo progress=continue >&2; sleep 0.2; done\n"
    )
    path.chmod(0o700)
    film = films.phone_film()
    began = time.monotonic()
    with pytest.raises(EngineFailed) as failed:
        encode(
            io.BytesIO(film),
            films.WindowWriter(),
            probe=probed(film),
            progress=lambda _: None,
            program=Program(str(path), "0", tone_maps=False),
            stall_s=1.5,
        )
    assert failed.value.code is Failure.UNREADABLE
    assert 1.5 < time.monotonic() - began < STALL_S
