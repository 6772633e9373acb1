"""Record and receipt: every field that must be there, every term one of the vocabulary's."""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from consent.errors import NothingAnswered
from consent.model import (
    Event,
    Evidence,
    EvidenceId,
    Jurisdiction,
    Method,
    Participant,
    PersonId,
    Place,
    Purpose,
    RecordingId,
    Role,
    Scope,
)
from consent.notices import LANGUAGES, Audience, Authority, parse_notices
from consent.receipt import Account, Controller, answers_of, receipt, record

# RDFLib reads JSON-LD through a class of its own that it is about to replace.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HERE = Path(__file__).parent
NOTICES = HERE.parents[2] / "consent" / "notices"
DPV = "https://w3id.org/dpv#"
SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#"
AT = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)
RECORDING = RecordingId("0197-recording")
SECRET_NAME = "Kvisthøjgaard"
DK = Jurisdiction("DK", date(2024, 1, 1), majority_age=18, unprocessed_days=30, retention_days=180)
DATATILSYNET = Authority("Datatilsynet", "https://www.datatilsynet.dk")
VESTERAA = Controller(
    "Vesterå Kommune", "Torvet 1, 9999 Vesterå", "70 00 00 00", "https://samspil.example/s/"
)


@cache
def terms() -> frozenset[str]:
    lines = (HERE / "dpv_2_3_terms.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def shapes() -> Graph:
    return Graph().parse(HERE / "consent_record_shapes.ttl")


def answer(number: int = 0, **changes: Any) -> Evidence:  # noqa: ANN401 - any field
    fields = {
        "id": EvidenceId(f"e{number}"),
        "recording": RECORDING,
        "person": PersonId("p1"),
        "purpose": Purpose.SUPERVISION,
        "event": Event.GIVEN,
        "at": AT + timedelta(minutes=number),
        "method": Method.SIGNED_PAPER,
        "valid_from": date(2026, 11, 12),
        "notice": "youth_13_15-2026-11-22",
    }
    return Evidence(**(fields | changes))  # type: ignore[arg-type]


def account(*answers: Evidence, **changes: Any) -> Account:  # noqa: ANN401 - any field
    language = changes.pop("language", "da")
    audience = Audience.YOUTH_13_15
    text = (NOTICES / f"{audience}.toml").read_text("utf-8")
    fields = {
        "recording": RECORDING,
        "person": Participant(PersonId("p1"), Role.YOUTH, birth_date=date(2012, 5, 1)),
        "answers": answers or (answer(),),
        "notice": parse_notices(text, audience=audience)[language],
        "jurisdiction": DK,
        "authority": DATATILSYNET,
        "controller": VESTERAA,
        "page": "https://samspil.example/s/abcd",
        "erase_after": date(2027, 5, 11),
        "at": AT + timedelta(days=1),
    }
    return Account(**(fields | changes))


def graph_of(document: Mapping[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


def conforms(document: Mapping[str, Any]) -> bool:
    found, _, why = validate(graph_of(document), shacl_graph=shapes())
    assert isinstance(found, bool), why
    return found


ACCOUNTS = st.builds(
    lambda role, born, answers, language, erase_after, contact, address: account(
        *answers,
        person=Participant(PersonId("p1"), role, birth_date=born),
        language=language,
        erase_after=erase_after,
        controller=Controller("Kommunen", address, contact, "http://127.0.0.1:8501/s/"),
    ),
    st.sampled_from(Role),
    st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    st.lists(
        st.builds(
            answer,
            st.integers(0, 10_000),
            purpose=st.sampled_from(Purpose),
            event=st.sampled_from(Event),
            method=st.sampled_from(Method),
            place=st.sampled_from(Place),
            scope=st.sets(st.sampled_from(Scope), min_size=1).map(frozenset),
            language=st.sampled_from(LANGUAGES),
            notice=st.sampled_from(["", "youth_13_15-2026-11-22", "youth_13_15-2026-01-01"]),
            valid_until=st.none() | st.dates(date(2026, 11, 13), date(2030, 1, 1)),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(LANGUAGES),
    st.none() | st.dates(date(2026, 11, 13), date(2030, 1, 1)),
    st.sampled_from(["", "70 00 00 00", "samtykke@vesteraa.example"]),
    st.sampled_from(["", "Torvet 1, 9999 Vesterå"]),
)


EVERY_CHOICE: dict[str, Iterable[object]] = {
    "purpose": Purpose,
    "event": Event,
    "method": Method,
    "place": Place,
    "scope": [frozenset({part}) for part in Scope],
    "language": LANGUAGES,
}
ONE_OF_EACH = account(
    *(
        answer(number, **{field: value})
        for number, (field, value) in enumerate(
            (field, value) for field, values in EVERY_CHOICE.items() for value in values
        )
    )
)
"""What there is to choose is all in here; what others add is how it comes together."""


def test_a_record_and_a_receipt_name_their_form() -> None:
    for document, kind, form in [
        (record(account()), "ConsentRecord", "record-eu-gdpr"),
        (receipt(account(), id_="r1"), "ConsentReceipt", "receipt-eu-gdpr"),
    ]:
        graph = graph_of(document)
        (about,) = graph.subjects(RDF.type, URIRef(DPV + kind))
        form_term = URIRef("http://purl.org/dc/terms/conformsTo")
        assert list(graph.objects(about, form_term)) == [URIRef(SCHEMA + form)]
        assert conforms(document)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=ACCOUNTS)
@example(asked=ONE_OF_EACH)
def test_whatever_was_answered_the_record_holds_every_field_that_must_be_there(
    asked: Account,
) -> None:
    assert conforms(record(asked))
    assert conforms(receipt(asked, id_="r1"))


@settings(max_examples=60, deadline=None)
@given(asked=ACCOUNTS)
@example(asked=ONE_OF_EACH)
def test_every_term_is_one_of_the_vocabulary(asked: Account) -> None:
    graph = graph_of(receipt(asked, id_="r1"))
    used = {str(node) for triple in graph for node in triple if str(node).startswith(DPV)}
    assert used
    assert used <= terms()


@settings(max_examples=60, deadline=None)
@given(asked=ACCOUNTS)
@example(asked=ONE_OF_EACH)
def test_every_answer_is_in_it_once_with_its_moment(asked: Account) -> None:
    graph = graph_of(record(asked))
    moments = sorted(
        literal.toPython()
        for literal in graph.objects(None, URIRef(DPV + "isIndicatedAtTime"))
        if isinstance(literal, Literal)
    )
    assert moments == sorted(evidence.at for evidence in asked.answers)
    purposes = set(graph.objects(None, URIRef(DPV + "hasPurpose")))
    assert len(purposes) == len({evidence.purpose for evidence in asked.answers})


def test_the_vocabularys_list_is_that_of_its_source() -> None:
    assert len(terms()) == 1174
    assert {DPV + "ConsentGiven", DPV + "hasStorageCondition"} <= terms()
    assert DPV + "WithdrawingFromActivity" not in terms()  # an older guide's word


REQUIRED = [
    ("dct:conformsTo",),
    ("dct:issued",),
    ("dpv:hasIdentifier",),
    ("dpv:hasDataSubject",),
    ("dpv:hasDataSubject", "dpv:hasIdentifier"),
    ("dpv:hasDataSubject", "dct:title"),
    ("dpv:hasNotice",),
    ("dpv:hasNotice", 0, "dpv:hasIdentifier"),
    ("dpv:hasNotice", 0, "dct:language"),
    ("dpv:hasProcess",),
    *(
        ("dpv:hasProcess", 0, *rest)
        for rest in (
            ("dpv:hasPurpose",),
            ("dpv:hasPersonalData",),
            ("dpv:hasPersonalData", 0, "@type"),
            ("dpv:hasPersonalData", 0, "dct:identifier"),
            ("dpv:hasStorageCondition",),
            ("dpv:hasStorageCondition", 0),
            ("dpv:hasStorageCondition", 0, "dpv:hasDuration"),
            ("dpv:hasStorageCondition", 0, "dpv:hasDuration", "schema:endDate"),
            ("dpv:hasStorageCondition", 1),
            ("dpv:hasStorageCondition", 1, "dpv:hasLocation"),
            ("dpv:hasStorageCondition", 2),
            ("dpv:hasDataController",),
            ("dpv:hasDataController", "dpv:hasName"),
            ("dpv:hasDataController", "dpv:hasIdentifier"),
            ("dpv:hasDataController", "schema:contactPoint", 0),
            ("dpv:hasDataController", "schema:contactPoint", 0, "schema:url"),
            ("dpv:hasDataController", "schema:contactPoint", 1),
            ("dpv:hasRecipient",),
            ("dpv:hasRecipient", 0, "dpv:hasName"),
            ("dpv:hasRecipient", 0, "dpv:hasIdentifier"),
            ("dpv:hasRecipient", 0, "schema:contactPoint"),
            ("dpv:hasConsentControl",),
            ("dpv:hasConsentControl", 0),
            ("dpv:hasConsentControl", 0, "schema:url"),
            ("dpv:hasJurisdiction",),
            ("dpv:hasJurisdiction", "dpv:hasIdentifier"),
            ("dpv:hasJurisdiction", "dpv:hasAuthority"),
            ("dpv:hasRight",),
            ("dpv:hasRight", 0, "dpv:isExercisedAt"),
            ("dpv:hasLegalBasis",),
            ("dpv:hasLegalBasis", "@type"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus", 0, "@type"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus", 0, "dpv:isIndicatedAtTime"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus", 0, "dpv:hasDuration"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus", 0, "dpv:isIndicatedBy"),
            ("dpv:hasLegalBasis", "dpv:hasConsentStatus", 0, "dpv:hasIndicationMethod"),
        )
    ),
]


@pytest.mark.parametrize("path", REQUIRED, ids=lambda path: "/".join(map(str, path)))
def test_what_must_be_there_is_missed_when_it_is_gone(path: tuple[str | int, ...]) -> None:
    document = deepcopy(receipt(account(), id_="r1"))
    inside: Any = document
    for step in path[:-1]:
        inside = inside[step]
    del inside[path[-1]]
    assert not conforms(document)


def test_a_name_beside_the_person_is_refused() -> None:
    document = record(account())
    document["dpv:hasDataSubject"]["dpv:hasName"] = SECRET_NAME
    assert not conforms(document)


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (Participant(PersonId("p1"), Role.YOUTH, birth_date=date(2012, 5, 1)), "Child"),
        (Participant(PersonId("p1"), Role.YOUTH), "Child"),
        (Participant(PersonId("p1"), Role.YOUTH, birth_date=date(2005, 5, 1)), "Adult"),
        (Participant(PersonId("p1"), Role.CUSTODY_HOLDER), "GuardianOfDataSubject"),
    ],
)
def test_a_person_is_what_they_are_to_the_conversation(person: Participant, kind: str) -> None:
    graph = graph_of(record(account(person=person)))
    (subject,) = graph.subjects(RDF.type, URIRef(DPV + "DataSubject"))
    assert URIRef(DPV + kind) in set(graph.objects(subject, RDF.type))
    assert "2012" not in json.dumps(record(account(person=person)))  # nor when they were born


def test_without_an_answer_there_is_no_receipt() -> None:
    others = answers_of(Participant(PersonId("p2"), Role.PARENT), [answer()])
    assert others == ()
    nobody = account()
    empty = Account(**{f: getattr(nobody, f) for f in nobody.__slots__} | {"answers": ()})
    with pytest.raises(NothingAnswered):
        record(empty)
