"""Film, captions and thumbnails over HTTP, on a real vault."""

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from consent.model import Event, RecordingId, Role
from review_app.captions import captions
from review_app.routes.media import ASKED_EVERY_BYTES
from storage import recordings
from storage.errors import NotFound
from storage.records import BlobRole, Turn, TurnKind, Word
from storage.vault import RUN_BYTES
from tests.conftest import S3Endpoint
from tests.house import OWNER, SUPERVISOR, House, open_house, turn
from tests.viewer import Came, ask

FILM = random.Random(1).randbytes(2 * ASKED_EVERY_BYTES + 700_001)  # noqa: S311 - no secret


@dataclass
class Cinema:
    house: House
    recording: RecordingId
    browser: TestClient

    @property
    def address(self) -> str:
        return f"/api/recordings/{self.recording}/media"


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cinema]:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path_factory.mktemp("cinema") / "home")
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, FILM)
        with house.browser(OWNER) as browser:
            yield Cinema(house, recording, browser)


@settings(max_examples=30)
@given(
    first=st.integers(0, len(FILM) + 10),
    last=st.none() | st.integers(0, 2 * len(FILM)),
)
def test_any_range_is_the_films_own_bytes(cinema: Cinema, first: int, last: int | None) -> None:
    header = f"bytes={first}-{'' if last is None else last}"
    answer = cinema.browser.get(cinema.address, headers={"Range": header})
    if first >= len(FILM) or (last is not None and last < first):
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(FILM)}"
        assert not answer.content
        return
    end = len(FILM) if last is None else min(len(FILM), last + 1)
    assert answer.status_code == 206
    assert answer.content == FILM[first:end]
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(FILM)}"
    assert int(answer.headers["Content-Length"]) == end - first
    assert "Content-Encoding" not in answer.headers


def test_the_whole_film_is_sent_where_no_part_is_asked_for(cinema: Cinema) -> None:
    for headers in ({}, {"Range": "bytes=0-4,9-12"}, {"Range": "frames=0-1"}):
        answer = cinema.browser.get(cinema.address, headers=headers)
        assert (answer.status_code, answer.content == FILM) == (200, True)
        assert answer.headers["Content-Length"] == str(len(FILM))
        assert answer.headers["Content-Type"] == "video/mp4"


def test_each_version_has_a_name_that_says_nothing(house: House) -> None:
    recording, other = house.recording(), house.recording()
    browser = house.browser(OWNER)
    named = []
    for each in (recording, recording, other):
        house.put(each, BlobRole.PROXY, b"the same film")
        house.clock.go_on(seconds=1)
        answer = browser.head(f"/api/recordings/{each}/media")
        named.append(answer.headers["ETag"])
        assert answer.headers["Cache-Control"] == "no-store"
        with house.home.reading() as tx:
            blob = recordings.blob_of(tx, each, BlobRole.PROXY).key
        assert blob.rpartition("/")[2] not in named[-1]
    assert len(set(named)) == 3
    assert all(re.fullmatch(r'"[0-9a-f]{32}"', name) for name in named)

    address = f"/api/recordings/{recording}/media"
    unchanged = browser.get(address, headers={"If-None-Match": named[1]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == named[1]
    part = {"Range": "bytes=4-7"}
    joined = browser.get(address, headers={"If-Range": named[1], **part})
    assert (joined.status_code, joined.content) == (206, b"same")
    anew = browser.get(address, headers={"If-Range": named[0], **part})
    assert (anew.status_code, anew.content) == (200, b"the same film")
    assert browser.get(address, headers={"If-Match": named[0]}).status_code == 412


def test_a_film_in_a_bucket_is_read_in_ranges(s3_endpoint: S3Endpoint, tmp_path: Path) -> None:
    bucket = {"s3_endpoint": s3_endpoint.url, "s3_bucket": s3_endpoint.bucket}
    secrets = {"s3_access_key": s3_endpoint.access_key_id}
    secrets |= {"s3_secret_key": s3_endpoint.secret_access_key}
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "home", **bucket, **secrets)
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, FILM)
        assert not any(path.is_file() for path in (tmp_path / "home" / "vault").rglob("*"))
        browser = house.browser(OWNER)
        address = f"/api/recordings/{recording}/media"
        assert browser.get(address).content == FILM
        for first, last in ((0, 0), (262_000, 262_300), (3_000_000, 6_000_000)):
            part = browser.get(address, headers={"Range": f"bytes={first}-{last}"})
            assert (part.status_code, part.content) == (206, FILM[first : last + 1])


def test_a_head_tells_the_size_and_sends_nothing(cinema: Cinema) -> None:
    for headers in ({}, {"Range": "bytes=5-9"}):
        answer = cinema.browser.head(cinema.address, headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["Content-Length"] == str(len(FILM))
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    "header",
    [
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=-0",
        f"bytes={'9' * 5000}-",
        "bytes=²-",
    ],
)
def test_a_range_that_cannot_be_read_is_refused(cinema: Cinema, header: str) -> None:
    asked = {b"Range": header.encode("latin-1")}
    answer = cinema.browser.get(cinema.address, headers=asked)
    assert answer.status_code == 416


def test_a_withdrawal_closes_the_film_between_two_ranges(any_house: House) -> None:
    recording = any_house.recording()
    any_house.put(recording, BlobRole.PROXY, b"0123456789")
    address = f"/api/recordings/{recording}/media"
    browsers = [any_house.browser(OWNER), any_house.browser(SUPERVISOR)]
    for browser in browsers:
        assert browser.get(address, headers={"Range": "bytes=0-4"}).status_code == 206
    any_house.clock.go_on(seconds=1)
    any_house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    for browser in browsers:
        refused = browser.get(address, headers={"Range": "bytes=5-9"})
        assert refused.status_code == 403
        assert refused.json()["error"] == "ConsentMissing"
        assert b"56789" not in refused.content


def break_off(
    house: House, recording: RecordingId, *, at: int, by: Callable[[str], None]
) -> tuple[Came, list[str]]:
    """Watch the whole film, during which something happens; return what came, and refusals."""
    token = house.token(OWNER)
    happening = [by]

    def seen(came: Came) -> None:
        if came.size >= at and happening:
            happening.pop()(token)

    path = f"/api/recordings/{recording}/media"
    came = asyncio.run(ask(house.app, path, token=token, seen=seen))
    refused = [did for did in house.audited(recording) if did.endswith("_denied")]
    return came, refused


AT = RUN_BYTES + 1


def test_a_withdrawal_ends_the_answer_that_is_being_sent(any_house: House) -> None:
    recording = any_house.recording()
    any_house.put(recording, BlobRole.PROXY, FILM)

    def withdraw(_: str) -> None:
        any_house.clock.go_on(seconds=1)
        any_house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)

    came, refused = break_off(any_house, recording, at=AT, by=withdraw)
    assert (came.status, came.finished) == (200, False)
    assert AT <= came.size <= ASKED_EVERY_BYTES < len(FILM)
    assert refused == ["permit_denied"]


def test_so_does_signing_out_and_nothing_else(house: House) -> None:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, FILM)
    gone, refused = break_off(house, recording, at=AT, by=house.sessions.sign_out)
    assert (gone.finished, refused) == (False, [])
    assert gone.size <= ASKED_EVERY_BYTES

    stayed, refused = break_off(house, recording, at=AT, by=lambda _: None)
    assert (stayed.finished, stayed.size, refused) == (True, len(FILM), [])


def test_a_film_that_has_not_been_made_is_not_found(house: House) -> None:
    recording = house.recording()
    for leaf in ("media", "captions.vtt", "thumbnails"):
        answer = house.browser(OWNER).get(f"/api/recordings/{recording}/{leaf}")
        assert answer.status_code == 404
        assert answer.json()["error"] == NotFound.__name__


def test_thumbnails_are_one_picture(house: House) -> None:
    recording = house.recording()
    house.put(recording, BlobRole.THUMBNAILS, b"\xff\xd8strip")
    answer = house.browser(OWNER).get(f"/api/recordings/{recording}/thumbnails")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\xff\xd8strip", "image/jpeg")


# Captions: what a WebVTT parser would insist on (W3C WebVTT, section 4).

TIMING = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")


def at_ms(text: str) -> int:
    match = TIMING.fullmatch(text)
    assert match, text
    hours, minutes, seconds, ms = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def cues(text: str) -> list[tuple[int, int, str]]:
    """Return the cues of a WebVTT document, which must be without fault."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for block in blocks:
        timing, payload = block.removesuffix("\n").split("\n")
        start, end = map(at_ms, timing.split(" --> "))
        assert start < end
        assert re.fullmatch(r"<v [a-z_?]+>[^<>\n]*", payload)
        assert not re.search(r"&(?!amp;|lt;|gt;)", payload)
        found.append((start, end, payload))
    assert [cue[0] for cue in found] == sorted(cue[0] for cue in found)
    return found


def test_captions_are_valid_and_follow_consent(house: House) -> None:
    recording = house.recording()
    told = [Word(at_ms, at_ms + 800, f"ord{at_ms}") for at_ms in range(4_000, 30_000, 900)]
    long = Turn(2, 4_000, 30_000, "youth", tuple(told))
    across = turn(3, "mens du taler", start_ms=9_000)
    sighing = Turn(4, 9_500, 9_600, "?", (Word(9_500, 9_600, "mm"),), TurnKind.BACKCHANNEL)
    odd = turn(5, "<b> --> & \n\n x", start_ms=31_000)
    house.transcript(recording, [turn(0, "Hej med dig"), long, across, sighing, odd])
    browser = house.browser(SUPERVISOR)
    answer = browser.get(f"/api/recordings/{recording}/captions.vtt")
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    shown = cues(answer.text)
    assert shown[0][2] == "<v caseworker>Hej med dig"
    assert any(payload.endswith("mens du taler") for *_, payload in shown)
    assert shown[-1][2].endswith("&lt;b&gt; --&gt; &amp; x")
    assert not any("mm" in payload for *_, payload in shown)
    house.clock.go_on(seconds=1)
    house.answer(recording, Event.REFUSED, only=Role.CUSTODY_HOLDER)
    assert browser.get(f"/api/recordings/{recording}/captions.vtt").status_code == 403


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 5_000), st.integers(0, 3_000), st.text(max_size=12)),
            min_size=1,
            max_size=12,
        ),
        max_size=8,
    )
)
def test_whatever_was_recognized_the_captions_are_valid(
    spoken: list[list[tuple[int, int, str]]],
) -> None:
    turns = []
    for index, said in enumerate(spoken):
        begin = index * 1_000
        words = []
        for gap, length, text in said:
            begin += gap
            words.append(Word(begin, begin + length, text))
            begin += length
        turns.append(Turn(index, words[0].start_ms, begin, "youth", tuple(words)))
    cues(captions(turns))
