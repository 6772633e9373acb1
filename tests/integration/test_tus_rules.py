"""The rules of the tus protocol 1.0.0, one test each, named by what the rule asks.

Source: https://tus.io/protocols/resumable-upload, version 1.0.0. Two rules are read strictly on
purpose: an empty film is no film, so a length of nothing is refused; and of the metadata only
the recording's id is kept and told again, for the rest may name people.
"""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from storage import consent_ledger, uploads
from storage.media import open_media
from storage.records import BlobRole
from storage.vault.segments import LAYOUT
from tests.house import OWNER, House

SPOKEN = {"Tus-Resumable": "1.0.0"}
PIECE = SPOKEN | {"Content-Type": "application/offset+octet-stream"}
FILM = bytes(place * 7 % 256 for place in range(2 * LAYOUT.segment_bytes + 99))
HALF = len(FILM) // 2


class Sender:
    """Speaks the protocol for the owner of one recording."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.recording = house.recording(processed=False)
        self.browser: TestClient = house.browser(OWNER)
        self.where = ""

    def create(self, *, content: bytes | None = None, **headers: str) -> Response:
        about = SPOKEN | {
            "Upload-Length": str(len(FILM)),
            "Upload-Metadata": f"recording {encoded(self.recording)},filename {encoded('Ida.mp4')}",
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.browser.post("/api/uploads", headers=about | named, content=content)
        self.where = answer.headers.get("Location", "")
        return answer

    def begun(self) -> "Sender":
        assert self.create().status_code == 201
        return self

    def send(self, content: bytes, *, at: int = 0, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        about = PIECE | {"Upload-Offset": str(at)} | named
        return self.browser.patch(self.where, headers=about, content=content)

    def head(self) -> Response:
        return self.browser.head(self.where, headers=SPOKEN)

    def wait(self, *, days: int) -> None:
        """Let days go by, and sign in again."""
        self.house.clock.go_on(days=days)
        self.browser = self.house.browser(OWNER)

    @property
    def offset(self) -> int:
        return int(self.head().headers["Upload-Offset"])

    @property
    def stored(self) -> bytes:
        home = self.house.home
        with home.reading() as tx:
            permit = consent_ledger.permit(tx, self.recording)
            with open_media(home, tx, permit, BlobRole.SOURCE) as film:
                return film.read()


def encoded(text: str | bytes) -> str:
    return b64encode(text.encode() if isinstance(text, str) else text).decode()


def checksum(content: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {encoded(hashlib.new(algorithm, content).digest())}"


@pytest.fixture
def sender(house: House) -> Sender:
    return Sender(house)


class TestCore:
    def test_the_offset_is_told_from_the_beginning(self, sender: Sender) -> None:
        assert sender.begun().head().headers["Upload-Offset"] == "0"

    def test_the_length_is_told_where_it_is_known(self, sender: Sender) -> None:
        assert sender.begun().head().headers["Upload-Length"] == str(len(FILM))

    def test_what_is_told_of_an_upload_is_not_cached(self, sender: Sender) -> None:
        assert sender.begun().head().headers["Cache-Control"] == "no-store"

    def test_of_an_unknown_upload_no_offset_is_told(self, sender: Sender) -> None:
        sender.where = "/api/uploads/0197-nothing-like-this"
        answer = sender.head()
        assert answer.status_code in {403, 404, 410}
        assert "Upload-Offset" not in answer.headers

    def test_a_piece_is_put_where_the_former_one_ended(self, sender: Sender) -> None:
        sender.begun().send(FILM[:HALF])
        assert sender.send(FILM[HALF:], at=HALF).status_code == 204
        assert sender.stored == FILM

    @pytest.mark.parametrize("size", [1, 1000, LAYOUT.segment_bytes, HALF])
    def test_a_taken_piece_moves_the_offset_by_its_length(self, sender: Sender, size: int) -> None:
        answer = sender.begun().send(FILM[:size])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(size))
        assert sender.offset == size

    @pytest.mark.parametrize("at", [0, HALF - 1, HALF + 1, len(FILM)])
    def test_a_piece_from_another_place_is_a_conflict(self, sender: Sender, at: int) -> None:
        sender.begun().send(FILM[:HALF])
        assert sender.send(FILM[at:], at=at).status_code == 409
        assert sender.offset == HALF

    def test_a_piece_of_another_kind_of_content_is_refused(self, sender: Sender) -> None:
        answer = sender.begun().send(FILM, Content_Type="application/octet-stream")
        assert answer.status_code == 415
        assert sender.offset == 0

    def test_a_piece_for_an_unknown_upload_is_refused(self, sender: Sender) -> None:
        sender.where = "/api/uploads/0197-nothing-like-this"
        assert sender.send(FILM).status_code in {403, 404, 410}

    def test_a_piece_of_nothing_changes_nothing(self, sender: Sender) -> None:
        answer = sender.begun().send(b"")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "0")

    @pytest.mark.parametrize("path", ["/api/uploads", "/api/uploads/any"])
    def test_the_server_tells_its_versions_extensions_and_largest_size(
        self, sender: Sender, path: str
    ) -> None:
        answer = sender.browser.options(path)
        assert answer.status_code in {200, 204}
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Max-Size"] == str(8 * 1024**3)
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "termination",
            "checksum",
            "expiration",
        }

    def test_whoever_asks_what_it_can_need_not_name_a_version(self, sender: Sender) -> None:
        answer = sender.browser.options("/api/uploads", headers={"Tus-Resumable": "9.9.9"})
        assert answer.headers["Tus-Version"] == "1.0.0"

    def test_every_answer_names_the_version(self, sender: Sender) -> None:
        created = sender.create()
        answers = [
            created,
            sender.head(),
            sender.send(FILM[:5]),
            sender.send(FILM, at=7),
            sender.send(FILM, Content_Type="text/plain"),
            sender.create(Upload_Length="-1"),
        ]
        sender.where = created.headers["Location"]
        answers.append(sender.browser.delete(sender.where, headers=SPOKEN))
        answers.append(sender.head())
        assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}

    @pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
    @pytest.mark.parametrize("version", ["", "0.2.2", "1.0.1"])
    def test_another_version_is_refused_with_ours_and_nothing_is_done(
        self, sender: Sender, method: str, version: str
    ) -> None:
        sender.begun()
        path = "/api/uploads" if method == "POST" else sender.where
        about = PIECE | {"Upload-Offset": "0", "Upload-Length": "4", "Tus-Resumable": version}
        answer = sender.browser.request(method, path, headers=about)
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
        assert sender.offset == 0

    def test_a_header_may_name_the_method_that_is_meant(self, sender: Sender) -> None:
        sender.begun()
        instead = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
        answer = sender.browser.post(sender.where, headers=PIECE | instead, content=FILM[:9])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "9")
        about = SPOKEN | {"X-HTTP-Method-Override": "HEAD"}
        assert sender.browser.post(sender.where, headers=about).headers["Upload-Offset"] == "9"
        about = SPOKEN | {"X-HTTP-Method-Override": "DELETE"}
        assert sender.browser.post(sender.where, headers=about).status_code == 204
        assert sender.head().status_code == 403

    def test_a_method_that_is_none_of_these_is_not_allowed(self, sender: Sender) -> None:
        sender.begun()
        assert sender.browser.post(sender.where, headers=SPOKEN).status_code == 405
        about = SPOKEN | {"X-HTTP-Method-Override": "TRACE"}
        assert sender.browser.post(sender.where, headers=about).status_code == 405

    def test_what_reads_cannot_be_made_into_what_changes(self, sender: Sender) -> None:
        sender.begun()
        about = SPOKEN | {"X-HTTP-Method-Override": "DELETE"}
        assert sender.browser.head(sender.where, headers=about).status_code == 200
        assert sender.offset == 0


class TestCreation:
    def test_a_new_upload_is_named_by_its_address(self, sender: Sender) -> None:
        answer = sender.create()
        assert answer.status_code == 201
        assert answer.headers["Location"].startswith("/api/uploads/")

    def test_a_length_is_needed_for_it_cannot_be_told_later(self, sender: Sender) -> None:
        about = SPOKEN | {
            "Upload-Metadata": f"recording {encoded(sender.recording)}",
            "Upload-Defer-Length": "1",
        }
        assert sender.browser.post("/api/uploads", headers=about).status_code == 400
        told = sender.browser.options("/api/uploads").headers["Tus-Extension"]
        assert "creation-defer-length" not in told

    @pytest.mark.parametrize("length", ["0", "-1", "1.5", "many", "", "9" * 40])
    def test_a_length_that_is_no_films_length_is_refused(self, sender: Sender, length: str) -> None:
        assert sender.create(Upload_Length=length).status_code == 400

    def test_more_than_the_largest_size_is_refused(self, sender: Sender) -> None:
        assert sender.create(Upload_Length=str(8 * 1024**3 + 1)).status_code == 413

    def test_metadata_that_is_kept_is_told_again(self, sender: Sender) -> None:
        told = sender.begun().head().headers["Upload-Metadata"]
        assert told == f"recording {encoded(sender.recording)}"


class TestCreationWithUpload:
    def test_the_first_piece_may_come_with_the_beginning(self, sender: Sender) -> None:
        answer = sender.create(content=FILM[:HALF], Content_Type=PIECE["Content-Type"])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(HALF))
        assert sender.send(FILM[HALF:], at=HALF).status_code == 204
        assert sender.stored == FILM

    def test_the_whole_film_may(self, sender: Sender) -> None:
        answer = sender.create(content=FILM, Content_Type=PIECE["Content-Type"])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(FILM)))
        assert sender.stored == FILM

    def test_content_of_another_kind_is_no_piece(self, sender: Sender) -> None:
        answer = sender.create(content=FILM, Content_Type="application/json")
        assert answer.status_code == 201
        assert "Upload-Offset" not in answer.headers
        assert sender.offset == 0

    @pytest.mark.parametrize(
        ("content", "about", "status"),
        [
            (FILM + b"x", {}, 413),
            (FILM, {"Upload_Checksum": checksum(b"other")}, 460),
            (FILM, {"Upload_Checksum": "crc32 AAAA"}, 400),
        ],
    )
    def test_refused_with_its_first_piece_it_was_never_begun(
        self, sender: Sender, content: bytes, about: dict[str, str], status: int
    ) -> None:
        answer = sender.create(content=content, Content_Type=PIECE["Content-Type"], **about)
        assert answer.status_code == status
        with sender.house.home.reading() as tx:
            assert uploads.uploads_of(tx, sender.recording) == ()


class TestTermination:
    def test_an_ended_upload_is_gone(self, sender: Sender) -> None:
        sender.begun().send(FILM[:HALF])
        assert sender.browser.delete(sender.where, headers=SPOKEN).status_code == 204
        assert sender.head().status_code in {403, 404, 410}
        assert sender.send(FILM[HALF:], at=HALF).status_code in {403, 404, 410}


class TestChecksum:
    def test_the_kinds_of_checksum_are_told_sha1_among_them(self, sender: Sender) -> None:
        told = sender.browser.options("/api/uploads").headers["Tus-Checksum-Algorithm"]
        assert set(told.split(",")) == {"sha1", "sha256"}

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
    def test_a_piece_that_adds_up_is_taken(self, sender: Sender, algorithm: str) -> None:
        sender.begun()
        for start, end in ((0, HALF), (HALF, len(FILM))):
            piece = FILM[start:end]
            answer = sender.send(piece, at=start, Upload_Checksum=checksum(piece, algorithm))
            assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
        assert sender.stored == FILM

    @pytest.mark.parametrize("size", [1, LAYOUT.segment_bytes + 1, HALF])
    def test_of_a_piece_that_does_not_add_up_nothing_is_kept(
        self, sender: Sender, size: int
    ) -> None:
        sender.begun().send(FILM[:7])
        wrong = checksum(FILM[7 : 7 + size] + b"!")
        answer = sender.send(FILM[7 : 7 + size], at=7, Upload_Checksum=wrong)
        assert answer.status_code == 460
        assert sender.offset == 7

    def test_what_comes_instead_of_a_wrong_piece_is_taken(self, sender: Sender) -> None:
        wrong = bytes(len(FILM))
        sender.begun()
        assert sender.send(wrong, Upload_Checksum=checksum(FILM)).status_code == 460
        assert sender.send(FILM, Upload_Checksum=checksum(FILM)).status_code == 204
        assert sender.stored == FILM

    @pytest.mark.parametrize(
        "value", ["md5 AAAA", "crc32 AAAA", "sha1", "sha1 !!", "sha512 AAAA", ""]
    )
    def test_a_kind_that_is_not_told_or_cannot_be_read_is_refused(
        self, sender: Sender, value: str
    ) -> None:
        answer = sender.begun().send(FILM, Upload_Checksum=value)
        assert answer.status_code in {400, 460}
        assert sender.offset == 0

    def test_more_than_was_declared_is_refused_before_it_is_counted(self, sender: Sender) -> None:
        more = FILM + b"x"
        assert sender.begun().send(more, Upload_Checksum=checksum(more)).status_code == 413
        assert sender.offset == 0


class TestExpiration:
    def when(self, answer: Response) -> datetime:
        told = answer.headers["Upload-Expires"]
        assert told.endswith(" GMT")
        return parsedate_to_datetime(told).astimezone(UTC)

    def test_the_end_of_waiting_is_told_with_the_beginning_and_each_piece(
        self, sender: Sender
    ) -> None:
        end = sender.house.clock.now + uploads.LIFETIME
        assert self.when(sender.create()) == end
        assert self.when(sender.send(FILM[:9])) == end
        assert self.when(sender.head()) == end

    def test_each_piece_puts_it_off_and_nothing_else_does(self, sender: Sender) -> None:
        first = self.when(sender.create())
        sender.wait(days=5)
        assert self.when(sender.head()) == first
        assert self.when(sender.send(b"")) == first
        assert self.when(sender.send(FILM[:9])) == sender.house.clock.now + uploads.LIFETIME
        sender.wait(days=5)
        assert sender.send(FILM[9:], at=9).status_code == 204
        assert sender.stored == FILM

    def test_after_it_the_upload_is_gone(self, sender: Sender) -> None:
        sender.begun()
        sender.wait(days=8)
        assert sender.head().status_code == 410
        assert sender.send(FILM).status_code == 410
