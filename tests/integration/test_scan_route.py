"""The picture of a signed paper: who sends and sees it, what is refused, and how it is kept."""

from collections.abc import Iterator

import pytest
from httpx2 import Response

from consent.model import EvidenceId, RecordingId
from review_app.routes.scans import LARGEST_SCAN, media_type_of
from storage import consent_ledger, erasure
from storage.media import scan_in_the_clear
from storage.vault.errors import KeyDestroyed
from tests.faults import reading
from tests.faults.reading import Reader
from tests.house import OWNER, STRANGERS, SUPERVISOR, House

CANARY = b"IMPOSSIBLE-WORDS-ON-A-PAPER" * 40
JPEG = b"\xff\xd8\xff\xe0" + CANARY
"""Begins like a picture, and holds what no other file does."""


@pytest.fixture
def reader() -> Iterator[Reader]:
    with reading.reader() as reader:
        yield reader


def send(house: House, login: str, paper: tuple[str, str], content: bytes = JPEG) -> Response:
    return house.browser(login).post(address(paper), content=content)


def address(paper: tuple[str, str]) -> str:
    recording, evidence = paper
    return f"/api/recordings/{recording}/evidence/{evidence}/scan"


@pytest.fixture
def paper(house: House) -> tuple[RecordingId, EvidenceId]:
    recording = house.recording(agreed=False)
    return recording, house.signed_paper(recording)


def test_it_is_kept_before_everyone_agreed_and_seen_by_the_caseworker_alone(
    house: House, paper: tuple[RecordingId, EvidenceId]
) -> None:
    assert send(house, OWNER, paper).status_code == 204
    shown = house.browser(OWNER).get(address(paper))
    assert (shown.status_code, shown.content) == (200, JPEG)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"] == "inline"
    assert shown.headers["Cache-Control"] == "no-store"
    assert house.audited(paper[0]) == ["scan_kept", "scan_viewed"]
    with house.home.reading() as tx:
        [answer] = consent_ledger.evidence_of(tx, paper[0])
    assert answer.scanned


@pytest.mark.parametrize("login", [SUPERVISOR, *STRANGERS])
def test_nobody_else_sends_or_sees_it(
    house: House, paper: tuple[RecordingId, EvidenceId], login: str
) -> None:
    assert send(house, login, paper).status_code == 403
    assert send(house, OWNER, paper).status_code == 204
    refused = house.browser(login).get(address(paper))
    assert refused.status_code == 403
    assert CANARY not in refused.content
    assert house.audited(paper[0]) == ["access_denied", "scan_kept"]


def test_what_is_no_paper_or_too_large_is_refused_in_words(
    house: House, paper: tuple[RecordingId, EvidenceId]
) -> None:
    for content in (b"", b"<html>", b"GIF89a", b"\x00\x00\x00\x18ftypmp42", b"RIFF1234WAVE"):
        answer = send(house, OWNER, paper, content)
        assert (answer.status_code, answer.json()["error"]) == (415, "ScanUnreadable")
    whole = JPEG.ljust(LARGEST_SCAN, b"\0")
    answer = send(house, OWNER, paper, whole + b"\0")
    assert (answer.status_code, answer.json()["error"]) == (413, "ScanTooLarge")
    assert house.audited(paper[0]) == []
    assert send(house, OWNER, paper, whole).status_code == 204
    again = send(house, OWNER, paper)
    assert (again.status_code, again.json()["error"]) == (409, "AlreadyScanned")


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"%PDF-1.4", "application/pdf"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_a_kind_is_known_by_its_first_bytes(beginning: bytes, kind: str) -> None:
    assert media_type_of(beginning) == kind


def test_a_paper_belongs_to_one_answer_of_one_recording(
    house: House, paper: tuple[RecordingId, EvidenceId]
) -> None:
    other = house.recording()
    with house.home.reading() as tx:
        digital = consent_ledger.evidence_of(tx, other)[0].id
    assert send(house, OWNER, (other, paper[1])).status_code == 403
    assert send(house, OWNER, (other, digital)).status_code == 400
    assert send(house, OWNER, (paper[0], "nothing")).status_code == 403
    assert house.browser(OWNER).get(address(paper)).status_code == 404


def test_no_file_holds_it_in_the_clear_and_it_goes_with_the_recording(
    house: House, paper: tuple[RecordingId, EvidenceId], reader: Reader
) -> None:
    assert send(house, OWNER, paper).status_code == 204
    with house.home.reading() as tx:
        scan = consent_ledger.scan_of(tx, paper[1])
    assert scan_in_the_clear(house.home, scan) == JPEG
    folders = [house.home.settings.home]
    assert reader.holding(folders, [CANARY[:27]]) == set()
    assert [*house.home.settings.home.rglob(scan.blob)]
    erasure.erase(house.home, paper[0])
    assert not [*house.home.settings.home.rglob(scan.blob)]
    with pytest.raises(KeyDestroyed):
        scan_in_the_clear(house.home, scan)
    assert house.browser(OWNER).get(address(paper)).status_code == 404


def test_once_erasure_has_begun_it_is_shown_to_nobody_and_none_is_kept(
    house: House, paper: tuple[RecordingId, EvidenceId]
) -> None:
    assert send(house, OWNER, paper).status_code == 204
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, paper[0])
    shown = house.browser(OWNER).get(address(paper))
    assert (shown.status_code, CANARY in shown.content) == (404, False)
    assert send(house, OWNER, paper).status_code == 404
