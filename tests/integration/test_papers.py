"""What the press makes: one page, readable by eye, by ear and by a phone, in the right words."""

import json
import re
import subprocess
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import cv2
import numpy as np
import pytest
import typst

from consent.model import (
    Event,
    Evidence,
    EvidenceId,
    Jurisdiction,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from consent.notices import LANGUAGES, Audience, Notice, fill
from consent.receipt import Account, Controller, receipt
from review_app.paper import certificate_pdf, notice_pdf, papers, press, receipt_pdf
from storage.certificates import certificate_from_json
from storage.holdings import TOLD_TO_ALL
from storage.notices import authority, notice
from storage.records import Anchor, Certificate, ErasureReason

AT = datetime(2026, 11, 12, 10, 0, 0, 123_456, tzinfo=UTC)
CONTROLLER = "Vesterå Kommune"
CONTACT = "Vesterå Kommune, Børne- og Ungeafdelingen, 70 00 00 00, samtykke@vesteraa.example"
CODE = "7K3M-Q2WX-0PZ9-AB4C"
PAGE = f"https://samspil.vesteraa.example/s/{CODE}"
DK = Jurisdiction("DK", date(2024, 1, 1), majority_age=18, unprocessed_days=30, retention_days=180)
EVERY = [(audience, language) for audience in Audience for language in LANGUAGES]
A4 = b"/MediaBox[0 0 595.2756 841.8898]"
LARGE_PRINT = 18.0


def filled(audience: Audience, language: str, *, contact: str = CONTACT) -> Notice:
    found = notice(audience, language=language)
    return fill(found, days=180, authority=str(authority("SE")), contact=contact)


def account(language: str = "da", **changes: Any) -> Account:  # noqa: ANN401 - any field
    def said(purpose: Purpose, event: Event) -> Evidence:
        return Evidence(
            EvidenceId(purpose),
            RecordingId("r"),
            PersonId("p"),
            purpose,
            event,
            AT,
            Method.SIGNED_PAPER,
            AT.date(),
        )

    fields: dict[str, Any] = {
        "recording": RecordingId("r"),
        "person": Participant(PersonId("p"), Role.YOUTH, date(2012, 5, 1)),
        "answers": (
            said(Purpose.SUPERVISION, Event.GIVEN),
            said(Purpose.TRAINING, Event.REFUSED),
            said(Purpose.RESEARCH, Event.EXPIRED),
        ),
        "notice": filled(Audience.YOUTH_13_15, language),
        "jurisdiction": DK,
        "authority": authority("DK"),
        "controller": Controller(CONTROLLER, "Torvet 1", "70 00 00 00", PAGE),
        "page": PAGE,
        "erase_after": date(2027, 5, 11),
        "at": AT,
    }
    return Account(**(fields | changes))


def certificate(**changes: Any) -> Certificate:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "recording": RecordingId("0197c0de-0000-7000-8000-000000000000"),
        "because": ErasureReason.WITHDRAWAL,
        "asked_at": AT,
        "key_destroyed_at": AT,
        "completed_at": AT,
        "keys_rotated_at": None,
        "holdings": (("words", 3),),
        "seq": 17,
        "entry_mac": "ab12cd34" * 8,
        "anchor": None,
        "mac": "0f1e2d3c" * 8,
    }
    return Certificate(**(fields | changes))


def pages(pdf: bytes) -> int:
    return pdf.count(A4)


def sizes(pdf: bytes) -> set[float]:
    """Return the sizes in points of all text set on the pages themselves."""
    found: set[float] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        found |= {float(size) for size in re.findall(rb"/\S+ ([\d.]+) Tf", content)}
    return found


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What stands on the paper that was printed last."""
    seen: dict[str, Any] = {}

    def watched(sheet: str, data: Mapping[str, object], *, at: datetime) -> bytes:
        seen.clear()
        seen.update(data)
        return press.pdf(sheet, data, at=at)

    monkeypatch.setattr(papers, "pdf", watched)
    return seen


@pytest.mark.parametrize(("audience", "language"), EVERY)
def test_a_notice_is_one_page_and_large_print_is_large(audience: Audience, language: str) -> None:
    words = filled(audience, language)
    normal = notice_pdf(words, controller=CONTROLLER, at=AT)
    assert pages(normal) == 1
    large = notice_pdf(words, controller=CONTROLLER, at=AT, large=True)
    assert pages(large) > 1
    assert min(sizes(large)) >= LARGE_PRINT > min(sizes(normal))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_can_be_read_aloud(language: str) -> None:
    words = filled(Audience.YOUTH_13_15, language)
    for made in (
        notice_pdf(words, controller=CONTROLLER, at=AT),
        receipt_pdf(account(language), code=CODE, id_="r1"),
        certificate_pdf(certificate(), controller=CONTROLLER, language=language, at=AT),
    ):
        assert pages(made) == 1
        assert f"/Lang({language})".encode() in made
        assert b"<pdfuaid:part>1<" in made
        assert b"/StructTreeRoot" in made
        assert b"<dc:title>" in made
        fonts = set(re.findall(rb"/FontName/[A-Z]{6}\+(\w+)", made))
        assert fonts == {b"SourceSansPro"}


def test_the_same_paper_is_the_same_file() -> None:
    words = filled(Audience.YOUTH_13_15, "da")
    first = notice_pdf(words, controller=CONTROLLER, at=AT)
    assert first == notice_pdf(words, controller=CONTROLLER, at=AT)


def test_what_a_site_writes_is_never_read_as_markup() -> None:
    contact = '#panic("x") *a* $ _b_ ] } #import "/server.py" <c> \\ "'
    words = filled(Audience.YOUTH_7_9, "da", contact=contact)
    assert pages(notice_pdf(words, controller='#read("/server.py")', at=AT)) == 1


@pytest.mark.parametrize("large", [False, True])
def test_a_phone_reads_the_way_to_the_page(given: dict[str, Any], large: bool) -> None:  # noqa: FBT001
    receipt_pdf(account(), code=CODE, id_="r1", large=large)
    assert given["code"] == CODE
    sheet = typst.compile(
        press._ROOM / "paper" / "receipt.typ",  # noqa: SLF001 - as a picture, for the camera
        root=press._ROOM,  # noqa: SLF001
        font_paths=press._fonts(),  # noqa: SLF001
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(given)},
        format="png",
        ppi=150,
    )
    read = set()
    for page in [sheet] if isinstance(sheet, bytes) else sheet:
        picture = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        read.add(cv2.QRCodeDetector().detectAndDecode(picture)[0])
    assert PAGE in read


def test_a_receipt_says_each_answer_in_words(given: dict[str, Any]) -> None:
    receipt_pdf(account(), code=CODE, id_="r1")
    said = [purpose["answer"] for purpose in given["purposes"]]
    assert said == [
        "Du sagde ja",
        "Ikke spurgt",
        "Du sagde nej",
        "Dit ja er udløbet",
        "Ikke spurgt",
    ]
    assert given["purposes"][0]["how"] == "torsdag 12. november kl. 11.00 · Underskrevet papir"
    kept = given["more"][1]["text"].replace("\u00a0", " ")
    assert kept == "Til den 11. maj 2027. Så bliver den slettet af sig selv."
    receipt_pdf(account(erase_after=None), code=CODE, id_="r1")
    assert "180" in given["more"][1]["text"]


def test_the_receipts_file_carries_it_as_data_too() -> None:
    made = receipt_pdf(account(), code=CODE, id_="r1")
    assert b"receipt.jsonld" in made
    inside = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        with suppress(zlib.error):
            inside.append(zlib.decompress(stream))
    (document,) = (json.loads(each) for each in inside if each.startswith(b'{\n "@context"'))
    assert document == receipt(account(), id_="r1")


def test_of_two_answers_at_one_moment_the_no_is_told(given: dict[str, Any]) -> None:
    yes = account().answers[0]
    both = [
        Evidence(**{f: getattr(yes, f) for f in yes.__slots__} | {"id": i, "event": event})
        for i, event in (("a", Event.WITHDRAWN), ("b", Event.GIVEN))
    ]
    for answers in (both, both[::-1]):
        receipt_pdf(account(answers=tuple(answers)), code=CODE, id_="r1")
        assert given["purposes"][0]["answer"] == "Du sagde nej"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_certificate_says_what_was_erased_on_one_page(
    given: dict[str, Any], language: str
) -> None:
    made = certificate(holdings=tuple((kind, 1_000) for kind in sorted(TOLD_TO_ALL)))
    pdf = certificate_pdf(made, controller=CONTROLLER, language=language, at=AT)
    assert pages(pdf) == 1
    assert len(given["held"]["rows"]) == len(TOLD_TO_ALL)
    if language == "da":
        assert given["held"]["rows"][:2] == [
            ["Filmen", "1000"],
            ["Filmen, sat sammen af flere filer", "1000"],
        ]
    assert certificate_from_json(given["sealed"]) == made
    assert b"certificate.json" in pdf


@pytest.mark.parametrize("because", ErasureReason)
def test_a_certificate_says_what_proves_it_and_nobody(
    given: dict[str, Any], because: ErasureReason
) -> None:
    anchor = Anchor(3, date(2026, 11, 13), 19, "ff" * 32)
    made = certificate(because=because, anchor=anchor, keys_rotated_at=AT)
    certificate_pdf(made, controller=CONTROLLER, language="en", at=AT)
    rows = dict(row for group in given["groups"] for row in group["rows"])
    assert given["recording"] == ["Number of the recording", made.recording]
    assert rows["Seal of the entry"].replace(" ", "") == made.entry_mac
    assert rows["Noted outside the database"] == "13 November 2026, up to entry 19"
    assert rows["Key destroyed"] == "12 November 2026, 11:00"
    certificate_pdf(certificate(), controller=CONTROLLER, language="en", at=AT)
    rows = dict(row for group in given["groups"] for row in group["rows"])
    assert rows["Noted outside the database"] == "Not yet"
    assert rows["Old copies of the keys made useless"] == "Not yet"


def test_the_press_is_loaded_when_something_is_printed() -> None:
    code = "import sys, review_app.paper; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
