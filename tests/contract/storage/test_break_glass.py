from datetime import timedelta

import pytest

from storage import break_glass
from storage.erasure import begin_erasure
from storage.errors import NotFound
from storage.records import BreakGlassId, UserId
from storage.tables import BreakGlassRow
from tests.contract.storage.scene import Site, after

ADAM, EVA = UserId("adam"), UserId("eva")
HOUR = timedelta(hours=1)


def test_a_reason_is_sealed_and_read_again(site: Site) -> None:
    recording = site.recording().id
    asked = break_glass.ask(site.tx, recording, reason="Kanariefugl is in danger", by=ADAM)
    assert break_glass.asked(site.tx, asked.id) == asked
    assert asked.reason == "Kanariefugl is in danger"
    assert b"Kanariefugl" not in site.tx.row(BreakGlassRow, asked.id).sealed_reason
    with pytest.raises(NotFound):
        break_glass.asked(site.tx, BreakGlassId("nothing"))


def test_it_opens_for_the_one_who_asked_for_a_while(site: Site) -> None:
    recording = site.recording().id
    asked = break_glass.ask(site.tx, recording, reason="x", by=ADAM)
    assert break_glass.open_for(site.tx, recording, ADAM) is None
    opened = break_glass.approve(site.tx, asked.id, by=EVA, until=HOUR)
    assert (opened.approved_by, opened.ends_at) == (EVA, site.tx.at + HOUR)
    assert break_glass.open_for(site.tx, recording, ADAM) == opened
    assert break_glass.open_for(site.tx, recording, EVA) is None
    assert break_glass.open_for(site.tx, site.recording().id, ADAM) is None
    assert break_glass.open_for(after(site.tx, minutes=60), recording, ADAM) is None
    again = break_glass.approve(after(site.tx, minutes=30), asked.id, by=ADAM, until=HOUR)
    assert again == opened


def test_it_ends_early_and_is_not_opened_again(site: Site) -> None:
    recording = site.recording().id
    one = break_glass.ask(site.tx, recording, reason="x", by=ADAM)
    break_glass.approve(site.tx, one.id, by=EVA, until=HOUR)
    later = after(site.tx, minutes=5)
    assert break_glass.end(later, one.id).ends_at == later.at
    assert break_glass.end(after(later, minutes=5), one.id).ends_at == later.at
    assert break_glass.open_for(later, recording, ADAM) is None
    refused = break_glass.ask(site.tx, recording, reason="x", by=ADAM)
    break_glass.end(site.tx, refused.id)
    assert break_glass.approve(site.tx, refused.id, by=EVA, until=HOUR).approved_at is None


def test_what_waits_or_is_open_stands_and_the_rest_does_not(site: Site) -> None:
    recording = site.recording().id
    waiting, opened, ended, refused = (
        break_glass.ask(site.tx, recording, reason=str(n), by=ADAM) for n in range(4)
    )
    for each in (opened, ended):
        break_glass.approve(site.tx, each.id, by=EVA, until=HOUR)
    for each in (ended, refused):
        break_glass.end(site.tx, each.id)
    assert {each.id for each in break_glass.standing(site.tx)} == {waiting.id, opened.id}
    assert not break_glass.standing(after(site.tx, hours=24))


def test_of_what_is_being_erased_nothing_stands(site: Site) -> None:
    recording = site.recording().id
    asked = break_glass.ask(site.tx, recording, reason="x", by=ADAM)
    break_glass.approve(site.tx, asked.id, by=EVA, until=HOUR)
    begin_erasure(site.tx, recording)
    assert break_glass.open_for(site.tx, recording, ADAM) is None
    assert not break_glass.standing(site.tx)
