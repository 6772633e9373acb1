import pytest

from storage import erasure, holds, notifications
from storage.errors import NotFound
from storage.records import HoldId, HoldKind, NotificationKind
from storage.transaction import Transaction
from tests.contract.storage.scene import begin_site


def test_a_user_is_told_until_they_put_it_away(tx: Transaction) -> None:
    site = begin_site(tx)
    recording = site.recording().id
    mine, other = site.caseworker.id, site.supervisor.id
    kind = NotificationKind.CONSENT_WITHDRAWN
    notifications.notify(tx, [mine, mine, other], kind, recording=recording)
    [told] = notifications.unread_of(tx, mine)
    assert (told.kind, told.recording) == (kind, recording)
    notifications.put_away(tx, told.id, user=other)
    assert notifications.unread_of(tx, mine) == (told,)
    notifications.put_away(tx, told.id, user=mine)
    assert notifications.unread_of(tx, mine) == ()
    assert len(notifications.unread_of(tx, other)) == 1


def test_a_recording_is_held_until_every_hold_is_lifted(tx: Transaction) -> None:
    site = begin_site(tx)
    id_, by = site.recording().id, site.caseworker.id
    assert not holds.is_held(tx, id_)
    first = holds.place_hold(tx, id_, kind=HoldKind.LEGAL, ground="court", by=by)
    second = holds.place_hold(tx, id_, kind=HoldKind.CONCERN, ground="duty", by=by)
    assert holds.holds_of(tx, id_) == (first, second)
    holds.lift_hold(tx, first.id, by=by)
    assert holds.is_held(tx, id_)
    lifted = holds.lift_hold(tx, second.id, by=by)
    assert (lifted.lifted_at, lifted.lifted_by) == (tx.at, by)
    assert not holds.is_held(tx, id_)


def test_what_is_being_erased_can_no_longer_be_held(tx: Transaction) -> None:
    site = begin_site(tx)
    recording = site.recording().id
    erasure.begin_erasure(tx, recording)
    with pytest.raises(NotFound):
        holds.place_hold(tx, recording, kind=HoldKind.LEGAL, ground="police", by=site.caseworker.id)


def test_what_was_never_held_cannot_be_lifted(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        holds.lift_hold(tx, HoldId("none"), by=begin_site(tx).caseworker.id)
