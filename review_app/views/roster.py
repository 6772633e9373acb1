"""The fields that name people: whoever else is in a conversation, and in which right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from consent.model import CustodyGround, Participant, PersonId, Role
from review_app.consent_words import GROUND_WORDS
from review_app.translation import Translate
from review_app.words import ROLE_WORDS
from storage.identity import new_id

NAMEABLE = (
    Role.CUSTODY_HOLDER,
    Role.PARENT,
    Role.SUPPORT_PERSON,
    Role.INTERPRETER,
    Role.NETWORK_PERSON,
)
"""Whom a caseworker adds to the young person and themself."""
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Named:
    """Someone as the fields have it.

    Attributes:
        ground: None until it is chosen, and for everyone but custody holders.
    """

    role: Role
    ground: CustodyGround | None
    present: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left open: a custody holder's ground is never guessed."""
        return self.role is not Role.CUSTODY_HOLDER or self.ground is not None

    def participant(self) -> Participant:
        """Return the person with a fresh id."""
        return Participant(PersonId(new_id()), self.role, present=self.present, ground=self.ground)


def person_fields(say: Translate, *, key: str, label: str, first: Role) -> Named:
    """Draw the fields of one person and return what stands in them."""
    who, right, there = st.columns([4, 3, 2], vertical_alignment="bottom")
    role = who.selectbox(
        label,
        options=NAMEABLE,
        index=NAMEABLE.index(first),
        format_func=lambda each: say(ROLE_WORDS[each]),
        placeholder=say("Choose"),
        key=f"role-{key}",
    )
    with right:
        ground = ground_field(say, key=key) if role is Role.CUSTODY_HOLDER else None
    # A custody holder has a say without having been there; everyone else was there.
    present = there.checkbox(
        say("Seen or heard"), value=role is not Role.CUSTODY_HOLDER, key=f"there-{key}-{role}"
    )
    return Named(role, ground, present)


def ground_field(
    say: Translate, *, key: str, chosen: CustodyGround | None = None
) -> CustodyGround | None:
    """Draw the field of a custody holder's ground and return what is chosen, if anything."""
    grounds = tuple(CustodyGround)
    return st.selectbox(
        say("Ground"),
        options=grounds,
        index=grounds.index(chosen) if chosen else None,
        format_func=lambda each: say(GROUND_WORDS[each]),
        placeholder=say("Choose"),
        key=f"ground-{key}",
    )


def people_fields(say: Translate) -> tuple[Named, ...]:
    """Draw the fields of everyone else, each on a line that can be taken away again."""
    lines: list[int] = st.session_state.setdefault("named", [0])
    named = []
    for place, line in enumerate(lines, start=1):
        fields, away = st.columns([8.6, 1.1], vertical_alignment="bottom")
        with fields:
            label = say("Person {number}").format(number=place)
            first = Role.CUSTODY_HOLDER if line == 0 else Role.PARENT
            named.append(person_fields(say, key=str(line), label=label, first=first))
        away.button(
            say("Remove"),
            key=f"away-{line}",
            type="tertiary",
            icon=":material/close:",
            on_click=lines.remove,
            args=(line,),
            help=label,
        )
    st.button(
        say("Name one more person"),
        icon=":material/add:",
        on_click=lambda: lines.append(max(lines, default=0) + 1),
    )
    return tuple(named)


def roster_of(named: Iterable[Named], *, born: date | None) -> tuple[Participant, ...]:
    """Return everyone in a conversation: the young person, those named, and the caseworker."""
    return (
        Participant(PersonId(new_id()), Role.YOUTH, born),
        *(person.participant() for person in named),
        Participant(PersonId(new_id()), Role.CASEWORKER),
    )


def read_day(untrusted: str) -> date:
    """Return a day typed as people here write it: 8.3.2011, 08-03-2011, 2011-03-08.

    Raises:
        ValueError: It is not a day.
    """
    text = untrusted.strip()
    for form in ("%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(form)


def read_birth(untrusted: str, *, before: date) -> date:
    """Return the birth date of someone who took part in a conversation on a day.

    Raises:
        ValueError: It is not a day, or nobody was born then who could have spoken.
    """
    born = read_day(untrusted)
    if not before.replace(year=before.year - _OLDEST, day=1) <= born < before:
        raise ValueError
    return born
