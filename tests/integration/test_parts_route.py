"""A film in several files, by the routes that the upload page uses."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from consent.model import RecordingId
from storage import consent_ledger, erasure, parts, recordings, requests
from storage.media import open_part
from storage.records import BlobRole, FilmPart, RequestKind
from storage.vault.errors import TamperedBlob
from tests.house import OWNER, House

TUS = {"Tus-Resumable": "1.0.0"}
ONE, TWO = b"first file of the film" * 9, b"second file, by another device" * 7


def arrange(browser: TestClient, recording: str, *names: str, status: int = 200) -> Response:
    told = [{"id": name, "kind": "camera"} for name in names]
    answer = browser.put(f"/api/recordings/{recording}/parts", json=told)
    assert answer.status_code == status
    return answer


def create(browser: TestClient, recording: str, part: str, *, length: int) -> Response:
    pairs = {"recording": recording, "part": part}
    meta = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in pairs.items())
    headers = TUS | {"Upload-Metadata": meta, "Upload-Length": str(length)}
    return browser.post("/api/uploads", headers=headers)


def send(browser: TestClient, where: str, content: bytes, *, offset: int = 0) -> int:
    headers = TUS | {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
    }
    return browser.patch(where, headers=headers, content=content).status_code


def sent(browser: TestClient, recording: str, part: str, content: bytes) -> None:
    where = create(browser, recording, part, length=len(content)).headers["Location"]
    assert send(browser, where, content) == 204


def files_of(house: House, recording: RecordingId) -> list[bytes]:
    with house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        found = parts.parts_of(tx, recording)
        return [open_part(house.home, permit, part).read() for part in found]


def told(browser: TestClient, recording: str) -> list[tuple[str, bool]]:
    status = browser.get(f"/api/recordings/{recording}/status").json()
    return [(part["id"], part["received"]) for part in status["parts"]]


@contextmanager
def asked_for(house: House) -> Iterator[list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []
    yield found
    with house.home.transaction() as tx:
        found.extend((r.kind, r.recording) for r in requests.waiting(tx))


def test_every_file_comes_by_itself_and_the_last_asks_for_processing(any_house: House) -> None:
    recording = any_house.recording(processed=False)
    browser = any_house.browser(OWNER)
    arrange(browser, recording, "a", "b")
    where = create(browser, recording, "b", length=len(TWO)).headers["Location"]
    assert send(browser, where, TWO[:50]) == 204
    sent(browser, recording, "a", ONE)
    assert told(browser, recording) == [("a", True), ("b", False)]
    with asked_for(any_house) as asked:
        pass
    assert asked == []

    met = any_house.browser(OWNER).head(where, headers=TUS)  # after a reload
    assert met.headers["Upload-Offset"] == "50"
    assert b64encode(b"b").decode() in met.headers["Upload-Metadata"]
    assert send(browser, where, TWO[50:], offset=50) == 204
    with asked_for(any_house) as asked:
        pass
    assert asked == [(RequestKind.PROCESS, recording)]
    assert files_of(any_house, recording) == [ONE, TWO]
    refused = arrange(browser, recording, "a", status=409)
    assert refused.json()["error"] == "ProcessingBegun"


def test_a_file_taken_back_is_gone_from_the_store(house: House) -> None:
    recording = house.recording(agreed=False, processed=False)
    browser = house.browser(OWNER)
    arrange(browser, recording, "a", "b", "c")
    sent(browser, recording, "a", ONE)
    sent(browser, recording, "b", TWO)
    where = create(browser, recording, "c", length=9).headers["Location"]
    assert len(list(house.home.vault.store.list(recording))) == 2
    arrange(browser, recording, "b")
    assert told(browser, recording) == [("b", True)]
    assert len(list(house.home.vault.store.list(recording))) == 1
    assert browser.head(where, headers=TUS).status_code == 403
    with house.home.reading() as tx:  # all that was announced is here, and nobody has agreed
        assert recordings.recording(tx, recording).received_at is not None
    arrange(browser, recording, "b", "d")
    with house.home.reading() as tx:
        assert recordings.recording(tx, recording).received_at is None
    assert house.audited(recording).count("parts_arranged") == 3


def test_files_exchanged_with_each_other_do_not_open(house: House) -> None:
    recording = house.recording(processed=False)
    browser = house.browser(OWNER)
    arrange(browser, recording, "a", "b")
    sent(browser, recording, "a", ONE)
    sent(browser, recording, "b", TWO)
    with house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        one, two = parts.parts_of(tx, recording)
    exchanged = FilmPart(one.id, recording, blob=two.blob)
    with pytest.raises(TamperedBlob):
        open_part(house.home, permit, exchanged).read()


def test_erasing_reaches_every_file(house: House) -> None:
    recording = house.recording(processed=False)
    browser = house.browser(OWNER)
    arrange(browser, recording, "a", "b", "c")
    sent(browser, recording, "a", ONE)
    sent(browser, recording, "b", TWO)
    create(browser, recording, "c", length=9)
    erasure.erase(house.home, recording)
    assert list(house.home.vault.store.list(recording)) == []
    with house.home.reading() as tx:
        assert parts.parts_of(tx, recording) == ()
        assert recordings.blobs_of(tx, recording, BlobRole.SOURCE) == ()
    assert not any(house.home.settings.home.glob("spool/uploads/*/*"))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([{"id": "a", "kind": "camera"}, {"id": "a", "kind": "sound"}], 400),
        ([{"id": "Ida Olsen.mp4", "kind": "camera"}], 400),
        ([{"id": "a", "kind": "drone"}], 400),
        ([{"id": "a" * 65, "kind": "camera"}], 400),
        ([{"id": str(n), "kind": "camera"} for n in range(parts.MOST + 1)], 400),
        ({"id": "a"}, 400),
        ([{"id": "a" * 60, "kind": "camera"}] * 400, 413),
    ],
)
def test_what_makes_no_sense_is_refused(house: House, told: object, status: int) -> None:
    recording = house.recording(processed=False)
    answer = house.browser(OWNER).put(f"/api/recordings/{recording}/parts", json=told)
    assert answer.status_code == status
    with house.home.reading() as tx:
        assert parts.parts_of(tx, recording) == ()


def test_all_files_together_may_be_as_large_as_one_film(house: House) -> None:
    recording = house.recording(processed=False)
    browser = house.browser(OWNER)
    arrange(browser, recording, "a", "b")
    assert create(browser, recording, "x", length=1).status_code == 400
    most = int(house.home.settings.max_upload_gib * 1024**3)
    assert create(browser, recording, "a", length=most - 10).status_code == 201
    assert create(browser, recording, "b", length=11).status_code == 413
    assert create(browser, recording, "b", length=10).status_code == 201
