"""Intents of the group: who is invited to the meeting about one recording, and for how long."""

from typing import Final

from consent.model import Purpose
from review_app.commands.access import Access
from review_app.commands.arguments import OneUser
from review_app.errors import BadRequest, GroupFull
from review_app.permissions import check_may_be_invited, check_may_invite
from storage import accounts, consent_ledger, cycles, invitations, notifications
from storage.records import NotificationKind, UserRole

MOST_GUESTS: Final = 6
"""With the two they are eight, and more do not reflect together in ten minutes."""


def invite_guest(access: Access, *, guest: OneUser) -> None:
    """Invite a colleague to the meeting about this recording, until it ends.

    Raises:
        Denied: Only the supervisor invites, and only caseworkers who are none of the two.
        ConsentMissing: Someone in the recording has not agreed to the group.
        GroupFull: As many are invited as reflect together.
    """
    check_may_invite(access.user, recording=access.recording, course=access.course)
    consent_ledger.permit(access.tx, access.id, purpose=Purpose.GROUP)
    colleagues = accounts.open_accounts(access.tx, role=UserRole.CASEWORKER)
    colleague = next((each for each in colleagues if each.id == guest), None)
    if colleague is None or cycles.cycle_of(access.tx, access.id).meeting_ended_at is not None:
        raise BadRequest
    check_may_be_invited(colleague, recording=access.recording, course=access.course)
    invited = {each.guest for each in invitations.standing(access.tx, access.id)}
    if guest in invited:
        return
    invitations.invite(access.tx, access.id, guest=guest, by=access.user.id)
    if len(invitations.standing(access.tx, access.id)) > MOST_GUESTS:
        raise GroupFull
    notifications.notify(
        access.tx, [guest], NotificationKind.INVITED, recording=access.id, about=guest
    )
    access.note_in_audit("guest_invited", guest=guest)


def end_invitation(access: Access, *, guest: OneUser) -> None:
    """Take an invitation back; the guest is out of the room within two seconds.

    Raises:
        Denied: Only the supervisor does that.
    """
    check_may_invite(access.user, recording=access.recording, course=access.course)
    if not invitations.is_invited(access.tx, access.id, guest):
        return
    invitations.end(access.tx, access.id, guest=guest)
    access.note_in_audit("invitation_ended", guest=guest)
