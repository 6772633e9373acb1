"""One function per intent: may, check, write, audit, in one transaction.

``INTENTS`` is what a page may ask for by name. Each function's annotations are its contract
with the page: arguments are parsed against them before it runs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ConfigDict, ValidationError, validate_call

from review_app.commands import marking, meeting, preparation, reflection
from review_app.commands.access import Access
from review_app.errors import BadRequest, UnknownIntent

_FUNCTIONS: tuple[Callable[..., Any], ...] = (
    marking.add_sequence,
    marking.change_sequence,
    marking.remove_sequence,
    marking.reorder_sequences,
    marking.add_tag,
    marking.remove_tag,
    marking.judge_tag,
    marking.judge_segment,
    reflection.write_note,
    reflection.remove_note,
    reflection.keep_draft,
    preparation.write_wish,
    preparation.release,
    preparation.take_back,
    preparation.write_answer,
    preparation.send_answers,
    preparation.confirm_camera_cleared,
    meeting.end_meeting,
    meeting.save_minutes,
    meeting.sign_minutes,
    meeting.add_to_minutes,
    meeting.answer_plan,
)
_PARSED = validate_call(config=ConfigDict(arbitrary_types_allowed=True))
INTENTS: dict[str, Callable[..., Any]] = {
    function.__name__: _PARSED(function) for function in _FUNCTIONS
}


def carry_out(access: Access, *, intent: str, untrusted_arguments: Mapping[str, object]) -> Any:  # noqa: ANN401 - each intent has its own result
    """Carry out what a page asked for and return its small result.

    Raises:
        UnknownIntent: There is no such intent.
        BadRequest: The arguments do not fit it.
    """
    function = INTENTS.get(intent)
    if function is None:
        raise UnknownIntent
    try:
        return function(access, **untrusted_arguments)
    except ValidationError as error:
        # The values may hold what someone wrote, so only the places of the faults are told.
        places = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        raise BadRequest(f"{intent}: {places}") from None
