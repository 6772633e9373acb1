from dataclasses import replace

import pytest

from consent.gate import Permit
from storage import codings, measuring
from storage.errors import CodingFinished, NotFound
from storage.records import Coding, Tag, TagId, Verdict
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after


@pytest.fixture
def permit(site: Site) -> Permit:
    return site.permit()


@pytest.fixture
def coding(tx: Transaction, site: Site, permit: Permit) -> Coding:
    return begun(tx, site, permit)


def begun(tx: Transaction, site: Site, permit: Permit) -> Coding:
    return codings.begin_coding(
        tx,
        permit.recording,
        codebook="conversation@1",
        codes=("open_question", "reflection"),
        text_version=2,
        text_revision=5,
        start_ms=1_000,
        end_ms=61_000,
        by=site.supervisor.id,
    )


class TestCodings:
    def test_a_stretch_is_kept_as_it_was_chosen(
        self, tx: Transaction, site: Site, permit: Permit, coding: Coding
    ) -> None:
        later = begun(after(tx, hours=1), site, permit)
        assert codings.codings_of(tx, permit) == (coding, later)
        assert coding.codes == ("open_question", "reflection")
        assert (coding.text_version, coding.text_revision, coding.begun_by) == (
            2,
            5,
            site.supervisor.id,
        )
        assert codings.codings_of(tx, site.permit()) == ()

    def test_each_has_a_sheet_of_their_own(
        self, tx: Transaction, site: Site, permit: Permit, coding: Coding
    ) -> None:
        for marks in ([(1, "reflection")], [(1, "reflection"), (3, "open_question")]):
            codings.mark(tx, coding, by=site.supervisor.id, marks=marks)
        codings.mark(tx, coding, by=site.caseworker.id, marks=[])
        sheets = {sheet.by: sheet.marks for sheet in codings.sheets_of(tx, permit)}
        assert sheets == {
            site.supervisor.id: {(1, "reflection"), (3, "open_question")},
            site.caseworker.id: frozenset(),
        }

    def test_what_is_finished_stays(
        self, tx: Transaction, site: Site, permit: Permit, coding: Coding
    ) -> None:
        by = site.supervisor.id
        codings.mark(tx, coding, by=by, marks=[(1, "reflection")])
        codings.finish(tx, coding, by=by)
        with pytest.raises(CodingFinished):
            codings.mark(tx, coding, by=by, marks=[])
        with pytest.raises(CodingFinished):
            codings.finish(tx, coding, by=by)
        [sheet] = codings.sheets_of(tx, permit)
        assert (sheet.marks, sheet.finished_at) == ({(1, "reflection")}, tx.at)

    def test_both_have_to_finish(
        self, tx: Transaction, site: Site, permit: Permit, coding: Coding
    ) -> None:
        codings.finish(tx, coding, by=site.supervisor.id)
        assert measuring.finished_by_both(tx, permit) == ()
        codings.mark(tx, coding, by=site.caseworker.id, marks=[(1, "reflection")])
        assert measuring.finished_by_both(tx, permit) == ()
        codings.finish(tx, coding, by=site.caseworker.id)
        [(found, sheets)] = measuring.finished_by_both(tx, permit)
        assert found == coding
        assert {sheet.by for sheet in sheets} == {site.supervisor.id, site.caseworker.id}

    def test_a_dropped_stretch_is_gone_with_its_sheets(
        self, tx: Transaction, site: Site, permit: Permit, coding: Coding
    ) -> None:
        codings.mark(tx, coding, by=site.supervisor.id, marks=[(1, "reflection")])
        codings.drop_coding(tx, coding.id)
        assert (codings.codings_of(tx, permit), codings.sheets_of(tx, permit)) == ((), ())
        with pytest.raises(NotFound):
            codings.mark(tx, coding, by=site.caseworker.id, marks=[])
        with pytest.raises(NotFound):
            codings.drop_coding(tx, coding.id)


def test_a_fingerprint_changes_with_what_figures_rest_on(coding: Coding) -> None:
    recording = coding.recording
    tag = Tag(TagId("t"), recording, "conversation@1", "reflection", 0, 1)
    prints = {
        measuring.fingerprint([], text=(1, 0), compared=[]),
        measuring.fingerprint([], text=(2, 0), compared=[]),
        measuring.fingerprint([], text=(1, 3), compared=[]),
        measuring.fingerprint([tag], text=(1, 0), compared=[]),
        measuring.fingerprint([replace(tag, verdict=Verdict.CONFIRMED)], text=(1, 0), compared=[]),
        measuring.fingerprint([], text=(1, 0), compared=[coding]),
    }
    assert len(prints) == 6
    dismissed = replace(tag, verdict=Verdict.DISMISSED)
    assert measuring.fingerprint([dismissed], text=(1, 0), compared=[]) in prints
