"""Small films, sounds and bad files, made on the spot. Nothing here shows or says anything."""

import io
import random
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from pipeline.engines.ffmpeg_command import find_program

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")
HEAD, WINDOW = 8 * 1024 * 1024, 32 * 1024 * 1024


class WindowWriter(io.BytesIO):
    """Keeps what is written and refuses what an encrypting writer would refuse."""

    def write(self, data: bytes) -> int:
        start, end = self.tell(), len(self.getbuffer())
        stop = start + len(data)
        if start < end - WINDOW and stop > HEAD and start < end:
            raise OSError("the region is closed")
        if start - end > HEAD:
            raise OSError("the gap is larger than the head")
        return super().write(data)

    def close(self) -> None:
        raise AssertionError("the writer belongs to its owner")

    @property
    def content(self) -> io.BytesIO:
        return io.BytesIO(self.getvalue())


def picture(seconds: float = 2, *, size: str = "320x180", rate: int = 25) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}")


def tone(seconds: float = 2, *, channels: int = 1, hertz: int = 440) -> tuple[str, ...]:
    expressions = "|".join(f"0.3*sin({hertz * (c + 1)}*2*PI*t)" for c in range(channels))
    return ("-f", "lavfi", "-i", f"aevalsrc={expressions}:s=48000:d={seconds}")


@lru_cache(maxsize=64)
def made(suffix: str, *arguments: str, source: bytes = b"") -> bytes:
    """Return what ffmpeg makes; ``SOURCE`` in the arguments stands for a file with ``source``."""
    with tempfile.TemporaryDirectory() as folder:
        given, wanted = Path(folder, "given"), Path(folder, f"wanted.{suffix}")
        given.write_bytes(source)
        line = [str(given) if word == "SOURCE" else word for word in arguments]
        subprocess.run(
            [find_program().path, "-loglevel", "error", "-y", *line, str(wanted)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return wanted.read_bytes()


def phone_film(seconds: float = 2, *, channels: int = 1) -> bytes:
    """An ordinary mp4 whose index lies at its end."""
    return made(
        "mp4", *picture(seconds), *tone(seconds, channels=channels), *X264, "-g", "25", *AAC
    )


def front_film(seconds: float = 4) -> bytes:
    """The same with its index in front."""
    return made("mp4", *picture(seconds), *tone(seconds), *X264, *AAC, "-movflags", "+faststart")


def moving_film(seconds: float, *, moves_s: tuple[int, int], shakes_s: int = -1) -> bytes:
    """A room in which a light square moves, and once, in its ``shakes_s``-th second, the camera."""
    begins, ends = moves_s
    across = f"20+60*clip(t-{begins},0,{ends - begins})"
    shift = f"if(between(t,{shakes_s},{shakes_s}+0.99),9,4)"
    return made(
        "mp4",
        *picture(0.1, rate=10),
        *("-f", "lavfi", "-i", f"color=white:s=40x40:r=10:d={seconds}"),
        "-filter_complex",
        f"[0]loop=-1:1,trim=duration={seconds},setpts=N/10/TB[room];"
        f"[room][1]overlay=x='{across}':y=70,crop=300:160:x='{shift}':y=4",
        *(*X264, "-g", "10", "-sc_threshold", "0"),
    )


def turned_film(degrees: int) -> bytes:
    """HEVC in a mov: left half red, right half blue, to be shown turned clockwise."""
    plain = made(
        "mov",
        *("-f", "lavfi", "-i", "color=red:s=160x180:r=25:d=1"),
        *("-f", "lavfi", "-i", "color=blue:s=160x180:r=25:d=1"),
        *("-filter_complex", "hstack", "-c:v", "libx265", "-x265-params", "log-level=none"),
        *("-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p"),
    )
    # The option counts counter-clockwise.
    return made(
        "mov", "-display_rotation", str(-degrees), "-i", "SOURCE", "-c", "copy", source=plain
    )


def uneven_film() -> bytes:
    """A film whose pictures come at changing distances, as from a phone in the dark."""
    return made(
        "mp4",
        *picture(3),
        *tone(3),
        *("-vf", "select='not(between(mod(n,25),5,17))'", "-fps_mode", "vfr"),
        *X264,
        *AAC,
    )


def flipped(data: bytes, *, share: float = 0.0005) -> bytes:
    """Return the data with some bits of its media part turned over."""
    chance = random.Random(7)  # noqa: S311
    changed = bytearray(data)
    begin = data.find(b"mdat") + 4
    end = begin - 8 + int.from_bytes(data[begin - 8 : begin - 4])
    for _ in range(max(8, int((end - begin) * share))):
        place = chance.randrange(begin, end)
        changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def boxes(data: bytes) -> list[bytes]:
    """Return the names of an mp4's outer boxes in order."""
    names, place = [], 0
    while place + 8 <= len(data):
        length = int.from_bytes(data[place : place + 4])
        names.append(data[place + 4 : place + 8])
        if length == 1:
            length = int.from_bytes(data[place + 8 : place + 16])
        place += length or len(data)
    return names
