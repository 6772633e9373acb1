"""Invitations to a meeting: who stands invited, until when, and that they go with the recording."""

import pytest

from consent.model import RecordingId
from storage import invitations
from storage.errors import NotFound
from storage.records import UserId
from tests.contract.storage.scene import Site, after

BIRGITTE, XENIA, YRSA = UserId("birgitte"), UserId("xenia"), UserId("yrsa")


def test_who_is_invited_stays_so_until_it_ends(site: Site) -> None:
    recording, other = site.recording().id, site.recording().id
    first = invitations.invite(site.tx, recording, guest=XENIA, by=BIRGITTE)
    later = after(site.tx, minutes=1)
    assert invitations.invite(later, recording, guest=XENIA, by=YRSA) == first
    invitations.invite(later, recording, guest=YRSA, by=BIRGITTE)
    assert [each.guest for each in invitations.standing(later, recording)] == [XENIA, YRSA]
    assert invitations.is_invited(later, recording, XENIA)
    assert not invitations.is_invited(later, other, XENIA)
    invitations.end(later, recording, guest=XENIA)
    assert not invitations.is_invited(later, recording, XENIA)
    assert [each.guest for each in invitations.standing(later, recording)] == [YRSA]


def test_who_was_invited_may_be_invited_again(site: Site) -> None:
    recording = site.recording().id
    invitations.invite(site.tx, recording, guest=XENIA, by=BIRGITTE)
    invitations.end(site.tx, recording, guest=XENIA)
    invitations.end(site.tx, recording, guest=XENIA)
    later = after(site.tx, minutes=1)
    again = invitations.invite(later, recording, guest=XENIA, by=BIRGITTE)
    assert again.invited_at == later.at
    assert invitations.standing(later, recording) == (again,)


def test_the_end_of_the_meeting_ends_them_all(site: Site) -> None:
    recording, other = site.recording().id, site.recording().id
    for each in (recording, other):
        invitations.invite(site.tx, each, guest=XENIA, by=BIRGITTE)
    invitations.invite(site.tx, recording, guest=YRSA, by=BIRGITTE)
    invitations.end_all(site.tx, recording)
    assert invitations.standing(site.tx, recording) == ()
    assert invitations.is_invited(site.tx, other, XENIA)


def test_nobody_is_invited_to_what_is_not_there(site: Site) -> None:
    with pytest.raises(NotFound):
        invitations.invite(site.tx, RecordingId("nothing"), guest=XENIA, by=BIRGITTE)
