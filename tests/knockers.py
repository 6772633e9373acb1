"""Everyone who may knock at a door, and every state of consent in which they may find one."""

from enum import StrEnum

from tests.house import OWNER, SUPERVISOR


class Who(StrEnum):
    """Everyone who may knock; of those with an account the value is the login."""

    OWNER = OWNER
    SUPERVISOR = SUPERVISOR
    OTHER_CASEWORKER = "xenia"
    GUEST = "greta"
    GUEST_BEFORE = "gorm"
    OTHER_SUPERVISOR = "yrsa"
    COORDINATOR = "karen"
    LEADER = "lone"
    ADMINISTRATOR = "adam"
    EMERGENCY_ASKED = "asta"
    EMERGENCY_OPEN = "olga"
    EMERGENCY_ENDED = "egon"
    RESEARCHER = "rune"
    SIGNED_OUT = ""
    YOUTH = "with the youth's code"
    HOLDER = "with a custody holder's code"
    WRONG_CODE = "with a visit that never was"
    VISIT_OVER = "with a visit that has ended"


class State(StrEnum):
    """Every state of consent that a recording can be in; nowhere is no recording at all."""

    NO_ROSTER = "no_roster"
    NOBODY_ASKED = "nobody_asked"
    YOUTH_MISSING = "youth_missing"
    HOLDER_MISSING = "holder_missing"
    REFUSED = "refused"
    CONFLICT = "conflict"
    GIVEN = "given"
    RECONFIRMED = "reconfirmed"
    HELD = "held"
    EXPIRED = "expired"
    REASK_DUE = "reask_due"
    SCAN_MISSING = "scan_missing"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"
    HELD_WITHDRAWN = "held_withdrawn"
    ERASING = "erasing"
    ERASED = "erased"
    NOWHERE = "nowhere"


OPEN = frozenset({State.GIVEN, State.RECONFIRMED, State.HELD})
GONE = frozenset({State.ERASING, State.ERASED})
TWO = frozenset({Who.OWNER, Who.SUPERVISOR})
CASEWORKERS = frozenset({Who.OWNER, Who.OTHER_CASEWORKER, Who.GUEST, Who.GUEST_BEFORE})
ADMINISTRATORS = frozenset(
    {Who.ADMINISTRATOR, Who.EMERGENCY_ASKED, Who.EMERGENCY_OPEN, Who.EMERGENCY_ENDED}
)
KEEPERS = ADMINISTRATORS | {Who.COORDINATOR, Who.LEADER}
EDITORS = KEEPERS | {Who.SUPERVISOR, Who.OTHER_SUPERVISOR}
READERS = EDITORS | {Who.RESEARCHER}
CODED = frozenset({Who.YOUTH, Who.HOLDER})
WITHOUT_ACCOUNT = CODED | {Who.SIGNED_OUT, Who.WRONG_CODE, Who.VISIT_OVER}
NOT_ANSWERED = {
    Who.YOUTH: frozenset({State.NO_ROSTER, State.NOBODY_ASKED, State.YOUTH_MISSING}),
    Who.HOLDER: frozenset({State.NO_ROSTER, State.NOBODY_ASKED, State.HOLDER_MISSING}),
}
"""Where someone with a code has said nothing yet; without a roster there is no code either."""
