"""Films made to do harm: they stop in plain words, and open, fetch and leave nothing."""

import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from storage.records import Stage
from tests import films
from tests.fuzz.material import H264, RECIPES, film_of
from tests.fuzz.mutations import mutated
from tests.fuzz.trial import FINE, Laboratory
from tests.fuzz.watch import Bait

A_FEW = 3


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """Give one without confinement: what is opened must be refused before that."""
    with Laboratory(apart=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def as_in_use() -> Iterator[Laboratory]:
    with Laboratory() as opened:
        yield opened


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    with Bait(tmp_path / "bait.mp4") as laid:
        yield laid


class Listener:
    """A web server that only counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/film.ts"
        self.heard = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.heard += 1
                connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def hls(address: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n".encode()


def dash(address: str) -> bytes:
    return f"""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S">
<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">
<BaseURL>{address}</BaseURL><SegmentBase indexRange="0-99"/></Representation></AdaptationSet>
</Period></MPD>""".encode()


def session(address: str) -> bytes:
    return f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns={address}\nm=video 5004 RTP/AVP 96\n".encode()


def subtitle_in_avi(address: str) -> bytes:
    """An AVI whose text track holds a playlist: its reader opens what a text track holds."""
    playlist = hls(address)
    text = b"GAB2\0" + struct.pack("<HIHI", 2, 0, 4, len(playlist)) + playlist
    head = struct.pack(
        "<4s4sIHHIIIIIIII4H", b"txts", b"\0" * 4, 0, 0, 0, 0, 1, 1, 0, 9, 0, 0, 0, *[0] * 4
    )
    film = film_of("avi")
    at = film.index(b"LIST", film.index(b"strf", film.index(b"auds")))
    for name in (b"JUNK", b"LIST"):
        place = film.find(name, film.index(b"auds"))
        at = min(at, place) if place > 0 else at
    track = b"LIST" + struct.pack("<I", 12 + len(head)) + b"strlstrh" + struct.pack("<I", len(head))
    film = film[:at] + track + head + film[at:]
    header = film.index(b"hdrl") - 4
    film = _longer(film, header, by=len(track) + len(head))
    streams = film.index(b"avih") + 8 + 24
    film = film[:streams] + struct.pack("<I", 3) + film[streams + 4 :]
    movi = film.index(b"movi")
    chunk = b"02tx" + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    return _longer(film[: movi + 4] + chunk + film[movi + 4 :], movi - 4, by=len(chunk))


def _longer(film: bytes, at: int, *, by: int) -> bytes:
    length = struct.unpack_from("<I", film, at)[0]
    return film[:at] + struct.pack("<I", length + by) + film[at + 4 :]


def elsewhere(address: str) -> bytes:
    """A mov whose pictures and sound lie in another file."""
    film, place = film_of("mov"), 0
    own = b"\0\0\0\x0curl \0\0\0\1"
    other = b"\0" * 4 + address.encode() + b"\0"
    while (place := film.find(own, place)) >= 0:
        entry = struct.pack(">I4s", 8 + len(other), b"url ") + other
        film = film[:place] + entry[: len(own)].ljust(len(own), b"\0") + film[place + len(own) :]
        place += len(own)
    return film


POINTERS = {
    "HLS": hls,
    "HLS after blank lines": lambda address: b"\n\n" + hls(address),
    "HLS with a key": lambda a: (
        b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="%b"\n' % a.encode() + hls(a)
    ),
    "HLS behind a sound's tags": lambda a: b"ID3\3\0\0\0\0\0\0" + hls(a),
    "m3u": lambda address: f"#EXTM3U\n{address}\n".encode(),
    "pls": lambda address: f"[playlist]\nFile1={address}\nNumberOfEntries=1\n".encode(),
    "ffconcat": lambda address: f"ffconcat version 1.0\nfile '{address}'\n".encode(),
    "concat": lambda address: f"concat:{address}|{address}".encode(),
    "DASH": dash,
    "SDP": session,
    "ASX": lambda a: f'<asx version="3.0"><entry><ref href="{a}"/></entry></asx>'.encode(),
    "RealMedia list": lambda address: f"{address}\n".encode(),
    "internet shortcut": lambda address: f"[InternetShortcut]\nURL={address}\n".encode(),
    "image list": lambda address: f"Title: {address}\nfile%d.png\n".encode(),
    "a playlist as an AVI's text": subtitle_in_avi,
    "a mov that lies elsewhere": elsewhere,
}


@pytest.mark.parametrize("shape", POINTERS)
def test_a_file_that_names_others_opens_none(
    laboratory: Laboratory, bait: Bait, listener: Listener, shape: str
) -> None:
    for address in (str(bait.path), f"file://{bait.path}", listener.address):
        verdict = laboratory.fare(POINTERS[shape](address))
        if shape not in {"a playlist as an AVI's text", "a mov that lies elsewhere"}:
            assert verdict.stage is Stage.PROBE
    assert not bait.taken
    assert listener.heard == 0


def test_the_bait_tells_when_it_is_taken(bait: Bait) -> None:
    assert not bait.taken
    bait.path.read_bytes()
    assert bait.taken


def many_tracks(number: int) -> bytes:
    """An mp4 whose index names so many tracks."""
    film = film_of("m4a")
    moov = film.index(b"moov") - 4
    length = int.from_bytes(film[moov : moov + 4])
    index = film[moov : moov + length]
    trak = index.index(b"trak") - 4
    size = int.from_bytes(index[trak : trak + 4])
    longer = (
        index[8 : trak + size] + index[trak : trak + size] * (number - 1) + index[trak + size :]
    )
    return film[:moov] + struct.pack(">I4s", 8 + len(longer), b"moov") + longer


def a_leap() -> bytes:
    """A film of two seconds whose pictures then go on ten hours later."""
    leap = "setpts='if(gte(N,10),PTS+36000/TB,PTS)'"
    return films.made(
        "mkv", *films.picture(2, size="96x64", rate=10), *films.tone(2), *H264,
        "-vf", leap, "-fps_mode", "passthrough", *films.AAC,
    )  # fmt: skip


def a_long_picture() -> bytes:
    """A film of which one picture says that it lasts eleven hours."""
    film = film_of("mp4")
    at = film.index(b"stts") + 12
    return film[: at + 4] + (11 * 3600 * 10240 // 12).to_bytes(4) + film[at + 8 :]


def a_wall() -> bytes:
    """A picture larger than any camera's, of one color, so that it takes little room."""
    black = ("-f", "lavfi", "-i", "color=black:s=8704x4608:r=1:d=1")
    return films.made("mp4", *black, *films.tone(1), *H264, *films.AAC)


def growing() -> bytes:
    """A film whose picture becomes larger than is allowed after it was looked at."""
    small = films.made(
        "ts", *films.picture(1, size="96x64", rate=5), *films.tone(1), *H264, *films.AAC
    )
    black = ("-f", "lavfi", "-i", "color=black:s=8704x4608:r=5:d=0.4")
    return small + films.made("ts", *black, *films.tone(1), *H264, *films.AAC)


def a_packed_header() -> bytes:
    """A QuickTime file of 65 kB whose packed index unpacks to 64 MiB of nothing."""
    packed = zlib.compressobj()
    zeros = bytes(1024 * 1024)
    data = b"".join(packed.compress(zeros) for _ in range(64)) + packed.flush()
    unpacked = struct.pack(">I", 64 * len(zeros))
    kind = struct.pack(">I4s4s", 12, b"dcom", b"zlib")
    body = struct.pack(">I4s", 12 + len(data), b"cmvd") + unpacked + data
    inner = struct.pack(">I4s", 8 + len(kind) + len(body), b"cmov") + kind + body
    return (
        struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0, b"qt  ")
        + struct.pack(">I4s", 8 + len(inner), b"moov")
        + inner
    )


HARMFUL = {
    "a header that unpacks to much": (a_packed_header, {"not_media", "no_streams", "damaged"}),
    "five hundred tracks": (lambda: many_tracks(500), {"too_many_streams"}),
    "ten thousand tracks": (lambda: many_tracks(10_000), {"too_many_streams", "not_media"}),
    "a leap of ten hours": (a_leap, {"damaged"}),
    "a picture of eleven hours": (a_long_picture, {"damaged", "too_long"}),
    "a picture as large as a wall": (a_wall, {"too_large"}),
    "a picture that grows": (
        growing,
        {FINE, "incomplete", "unreadable", "program_failed", "too_large"},
    ),
}


@pytest.fixture(scope="module")
def seconds_of_a_good_film(laboratory: Laboratory) -> float:
    """Give how long a good film takes once the child has loaded what it needs."""
    return [laboratory.fare(mutated("mp4", 0, seed=1)).seconds for _ in range(2)][1]


@pytest.mark.parametrize("shape", HARMFUL)
def test_a_small_file_cannot_make_much_work(
    laboratory: Laboratory, seconds_of_a_good_film: float, shape: str
) -> None:
    make, codes = HARMFUL[shape]
    verdict = laboratory.fare(make())
    assert verdict.code in codes
    assert verdict.seconds < 20 * seconds_of_a_good_film


@pytest.mark.parametrize("number", [2, 24, 28])
def test_a_film_whose_picture_is_lost_is_damaged_before_it_is_listened_to(
    laboratory: Laboratory, number: int
) -> None:
    verdict = laboratory.fare(mutated("mov", number, seed=2))
    assert (verdict.stage, verdict.code) == (Stage.PROXY, "damaged")


@pytest.mark.slow
@pytest.mark.parametrize("kind", RECIPES)
def test_broken_films_stop_or_go_through_and_leave_nothing(
    as_in_use: Laboratory, kind: str
) -> None:
    assert as_in_use.fare(mutated(kind, 0, seed=1)).code == FINE
    for number in range(1, A_FEW):
        as_in_use.fare(mutated(kind, number, seed=1))
