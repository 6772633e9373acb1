"""A tus client that others wrote (tuspy), against the served routes over a real socket."""

import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from consent.model import RecordingId
from review_app.sessions import COOKIE
from storage import consent_ledger
from storage.media import open_media
from storage.records import BlobRole
from tests.house import OWNER, House, open_house
from tests.served_uploads import Line, Server

FILM = os.urandom(9 * 1024 * 1024 + 11)
MIB = 1024 * 1024


@dataclass
class Site:
    """A home, its served routes, and a recording that waits for its film."""

    house: House
    server: Server
    recording: RecordingId
    stack: ExitStack

    def uploader(self, *, port: int = 0, content: bytes = FILM, **more: object) -> Uploader:
        client = TusClient(f"http://127.0.0.1:{port or self.server.port}/api/uploads")
        client.set_headers({"Cookie": f"{COOKIE}={self.house.token(OWNER)}"})
        made: Uploader = client.uploader(
            file_stream=io.BytesIO(content),
            metadata={"recording": self.recording, "filename": "Samtale.mp4"},
            **more,
        )
        return made

    def stored(self) -> bytes:
        with self.house.home.reading() as tx:
            permit = consent_ledger.permit(tx, self.recording)
            with open_media(self.house.home, tx, permit, BlobRole.SOURCE) as film:
                return film.read()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Server]]:
    folder = tmp_path_factory.mktemp("served") / "home"
    with ExitStack() as stack:
        house = open_house(stack, folder)
        yield house, Server(folder, stack)


@pytest.fixture
def site(served: tuple[House, Server]) -> Iterator[Site]:
    house, server = served
    with ExitStack() as stack:
        yield Site(house, server, house.recording(processed=False), stack)


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("chunk", [len(FILM), 2 * MIB, 1_000_003])
def test_it_sends_a_film(site: Site, chunk: int, checksum: bool) -> None:  # noqa: FBT001
    site.uploader(chunk_size=chunk, upload_checksum=checksum).upload()
    assert site.stored() == FILM


def test_it_sends_a_film_in_pieces_smaller_than_a_segment(site: Site) -> None:
    small = FILM[:300_001]
    site.uploader(content=small, chunk_size=50_000).upload()
    assert site.stored() == small


def test_it_goes_on_after_the_line_was_lost_twice_in_the_middle(site: Site) -> None:
    line = Line(site.server.port, site.stack, cuts=[3 * MIB, 2 * MIB])
    uploader = site.uploader(port=line.port, chunk_size=4 * MIB, retries=30)
    uploader.retry_delay = 0.1
    uploader.upload()
    assert line.lost == 2
    assert site.stored() == FILM


def test_it_finds_its_way_back_from_its_address_alone(site: Site) -> None:
    first = site.uploader(chunk_size=MIB)
    first.upload(stop_at=3 * MIB)
    again = site.uploader(url=first.url, chunk_size=MIB)
    assert again.offset == 3 * MIB
    again.upload()
    assert site.stored() == FILM


def test_it_goes_on_after_the_server_was_killed(site: Site) -> None:
    uploader = site.uploader(chunk_size=MIB // 2, retries=3_000)
    uploader.retry_delay = 0.1
    done = threading.Thread(target=uploader.upload)
    done.start()
    deadline = time.monotonic() + 300
    while uploader.offset < 3 * MIB:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    site.server.kill()
    site.server.start()
    done.join(300)
    assert site.stored() == FILM


def test_it_is_told_when_a_film_may_not_be_sent(site: Site) -> None:
    uploader = site.uploader()
    uploader.metadata = {"recording": site.house.recording(course=site.house.other_course)}
    with pytest.raises(TusCommunicationError) as refused:
        uploader.upload()
    assert refused.value.status_code == 403
