"""Corrections are only added to, in one order, and cannot be read where they are kept."""

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select, text

from storage import corrections, requests
from storage.erasure import ERASERS, mark_erased
from storage.records import (
    Change,
    CorrectionId,
    Erasure,
    ErasureReason,
    RequestKind,
    SpeakerSet,
    SpeakersSwapped,
    TurnsMerged,
    TurnSplit,
    Undone,
    VersionChosen,
    WordsReplaced,
)
from storage.tables import CorrectionRow
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after

EVERY_KIND: tuple[Change, ...] = (
    WordsReplaced((1, 2), old="i Odense", new="i Horsens"),
    SpeakerSet(0, old="?", new="youth"),
    SpeakersSwapped(3, "caseworker", "youth"),
    TurnSplit(4),
    TurnsMerged(4, into=0),
    VersionChosen(known=2),
    Undone(CorrectionId("c1")),
)


class TestCorrections:
    def test_they_come_back_in_order_as_they_were_made(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        by = site.supervisor.id
        made = [
            corrections.add_correction(tx, permit, EVERY_KIND, version=1, by=by),
            corrections.add_correction(tx, permit, [TurnSplit(9)], version=2, by=by),
        ]
        assert corrections.corrections_of(tx, permit) == tuple(made)
        assert [each.revision for each in made] == [1, 2]
        assert (made[0].changes, made[1].version, made[0].by) == (EVERY_KIND, 2, by)
        assert corrections.corrections_of(tx, site.permit()) == ()

    def test_what_was_typed_does_not_stand_in_the_clear(self, tx: Transaction, site: Site) -> None:
        corrections.add_correction(tx, site.permit(), EVERY_KIND, version=1, by=site.caseworker.id)
        row = tx.session.exec(select(CorrectionRow)).one()
        assert b"Horsens" not in row.sealed_text
        assert "Horsens" not in str(row.model_dump(exclude={"sealed_text"}))

    @pytest.mark.parametrize(
        "how", ["UPDATE corrections SET version = 9", "DELETE FROM corrections"]
    )
    def test_none_is_changed_or_removed(self, tx: Transaction, site: Site, how: str) -> None:
        corrections.add_correction(tx, site.permit(), EVERY_KIND, version=1, by=site.caseworker.id)
        with pytest.raises(DatabaseError, match="append-only"), tx.session.begin_nested():
            tx.session.exec(text(how))

    def test_they_go_with_their_recording(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        corrections.add_correction(tx, permit, EVERY_KIND, version=1, by=site.caseworker.id)
        mark_erased(tx, Erasure(permit.recording, ErasureReason.WITHDRAWAL, asked_at=tx.at))
        ERASERS["corrections"](tx, permit.recording)
        assert tx.session.exec(select(CorrectionRow)).all() == []


class TestRereading:
    def test_it_waits_until_nobody_has_corrected_for_a_while(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        first = requests.ask(tx, RequestKind.REREAD, recording)
        later = after(tx, seconds=15)
        again = requests.ask(later, RequestKind.REREAD, recording)
        assert again.id == first.id
        assert requests.waiting(after(tx, seconds=25)) == ()
        assert requests.waiting(after(later, seconds=25)) == (again,)
