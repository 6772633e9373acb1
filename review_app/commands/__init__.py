"""One function per intent: may, check, write, audit, in one transaction.

``INTENTS`` is what a page may ask for by name. Each function's annotations are its contract
with the page: arguments are parsed against them before it runs.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError, validate_call

from consent.model import RecordingId
from review_app.commands import (
    correcting,
    goals,
    group,
    marking,
    measuring,
    meeting,
    preparation,
    reflection,
    safeguarding,
)
from review_app.commands.access import access_to, guest_of, relation_to
from review_app.commands.goals import together_in
from review_app.errors import BadRequest, Denied, UnknownIntent
from storage.home import Home
from storage.records import User
from storage.transaction import Transaction

_WHILE_LOCKED: tuple[Callable[..., Any], ...] = (
    preparation.write_wish,
    preparation.confirm_camera_cleared,
    reflection.keep_draft,
    safeguarding.raise_concern,
    safeguarding.take_concern_step,
)
_WITH_CONSENT: tuple[Callable[..., Any], ...] = (
    marking.add_sequence,
    marking.change_sequence,
    marking.remove_sequence,
    marking.reorder_sequences,
    marking.add_tag,
    marking.remove_tag,
    marking.judge_tag,
    marking.modify_tag,
    marking.judge_segment,
    marking.arrange_phases,
    measuring.count_figures,
    measuring.begin_coding,
    measuring.mark_turns,
    measuring.finish_coding,
    measuring.drop_coding,
    reflection.write_note,
    reflection.remove_note,
    preparation.release,
    preparation.take_back,
    preparation.agree_meeting,
    preparation.call_off_meeting,
    preparation.write_answer,
    preparation.send_answers,
    group.invite_guest,
    group.end_invitation,
    meeting.end_meeting,
    meeting.save_minutes,
    meeting.sign_minutes,
    meeting.add_to_minutes,
    meeting.answer_plan,
)
INTENTS: dict[str, Callable[..., Any]] = {
    function.__name__: validate_call(function) for function in (*_WHILE_LOCKED, *_WITH_CONSENT)
}

CORRECTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: validate_call(function)
    for function in (
        correcting.correct_turn,
        correcting.name_speaker,
        correcting.swap_speakers,
        correcting.split_turn,
        correcting.merge_turns,
        correcting.undo_correction,
        correcting.redo_correction,
        correcting.choose_version,
        correcting.take_over,
    )
}
"""What a page may ask for about the text itself, which is read from the vault for it."""

GOAL_INTENTS: dict[str, Callable[..., Any]] = {
    function.__name__: validate_call(function)
    for function in (goals.write_goal, goals.lay_goal_aside, goals.remove_goal, goals.look_at_goal)
}
"""What a page may ask for about a course's own goals."""


def carry_out(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    *,
    intent: str,
    untrusted_arguments: Mapping[str, object],
) -> Any:  # noqa: ANN401 - each intent has its own result
    """Carry out what a page asked for and return its small result.

    Raises:
        Denied: The recording is not this person's, or the intent is not this side's.
        ConsentMissing: The intent needs everyone's consent, and someone's is missing.
        UnknownIntent: There is no such intent.
        BadRequest: The arguments do not fit it.
    """
    locked = any(intent == free.__name__ for free in _WHILE_LOCKED)
    come = relation_to if locked else access_to
    return _called(
        INTENTS,
        lambda: come(tx, user, recording),
        intent=intent,
        untrusted_arguments=untrusted_arguments,
    )


def carry_out_as_guest(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    *,
    intent: str,
    untrusted_arguments: Mapping[str, object],
    in_room: bool = False,
) -> Any:  # noqa: ANN401 - each intent has its own result
    """Carry out what a guest asked for: to raise a concern, or in the room to write a note.

    A guest's notes come through the room alone, which shows them to everyone.

    Raises:
        Denied: This person is no guest now, or asks for something else.
        BadRequest: The arguments do not fit.
    """
    if intent != ("write_note" if in_room else "raise_concern"):
        raise Denied
    return _called(
        INTENTS,
        lambda: guest_of(tx, user, recording),
        intent=intent,
        untrusted_arguments=untrusted_arguments,
    )


def correct(
    home: Home,
    tx: Transaction,
    user: User,
    recording: RecordingId,
    *,
    intent: str,
    untrusted_arguments: Mapping[str, object],
) -> correcting.Corrected:
    """Correct the text as a page asked for, and return what is to be drawn anew.

    Raises:
        Denied: The recording is not this person's.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
        Conflict: Somebody else has been there; ``stored`` is what to draw anew.
        UnknownIntent: There is no such intent.
        BadRequest: The arguments do not fit it.
    """
    return _called(  # type: ignore[no-any-return]
        CORRECTIONS,
        lambda: correcting.Desk(home, access_to(tx, user, recording)),
        intent=intent,
        untrusted_arguments=untrusted_arguments,
    )


def carry_out_in_course(
    tx: Transaction,
    user: User,
    course: str,
    *,
    intent: str,
    untrusted_arguments: Mapping[str, object],
) -> Any:  # noqa: ANN401 - each intent has its own result
    """Carry out what a page asked for about a course's goals, and return its small result.

    Raises:
        Denied: The course is not this person's, or the intent is not this side's.
        UnknownIntent: There is no such intent.
        BadRequest: The arguments do not fit it.
    """
    return _called(
        GOAL_INTENTS,
        lambda: together_in(tx, user, course),
        intent=intent,
        untrusted_arguments=untrusted_arguments,
    )


def _called(
    functions: Mapping[str, Callable[..., Any]],
    come: Callable[[], object],
    *,
    intent: str,
    untrusted_arguments: Mapping[str, object],
) -> Any:  # noqa: ANN401 - each intent has its own result
    function = functions.get(intent)
    if function is None:
        raise UnknownIntent
    # A browser may cut a text in the middle of a sign; such halves can be kept nowhere.
    whole = json.dumps(untrusted_arguments, ensure_ascii=False).encode(errors="replace")
    try:
        return function(come(), **json.loads(whole))
    except ValidationError as error:
        # The values may hold what someone wrote, so only the places of the faults are told.
        # A name that the intent does not have is the page's own word too.
        names = inspect.signature(function).parameters
        places = {str(e["loc"][0]) for e in error.errors(include_input=False, include_url=False)}
        raise BadRequest(f"{intent}: {', '.join(sorted(places & names.keys()))}") from None
