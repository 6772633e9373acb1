"""Who may do what, by role and relationship. Consent is asked for beside this, never instead.

Each rule is a pair: ``may_x`` answers, ``check_may_x`` raises.
"""

from review_app.errors import Denied
from storage.records import Course, Recording, Side, User, UserRole


def side_of(user: User, *, recording: Recording, course: Course) -> Side | None:
    """Return which of the two in the confidential room a person is, if any."""
    if user.role is UserRole.CASEWORKER and user.id == recording.owner == course.caseworker:
        return Side.CASEWORKER
    if user.role is UserRole.SUPERVISOR and user.id == course.supervisor:
        return Side.SUPERVISOR
    return None


def may_see_content(user: User, *, recording: Recording, course: Course) -> bool:
    """Return whether film, text and notes are open to a person."""
    return side_of(user, recording=recording, course=course) is not None


def check_may_see_content(user: User, *, recording: Recording, course: Course) -> Side:
    """Return the person's side of the room.

    Raises:
        Denied: The person is neither the recording's caseworker nor its supervisor.
    """
    side = side_of(user, recording=recording, course=course)
    if side is None:
        raise Denied
    return side


def may_add_recording(user: User, *, course: Course) -> bool:
    """Return whether a person may add recordings to a course."""
    return user.role is UserRole.CASEWORKER and user.id == course.caseworker


def check_may_add_recording(user: User, *, course: Course) -> None:
    """Refuse anyone but the course's caseworker.

    Raises:
        Denied: The course is not the person's own.
    """
    if not may_add_recording(user, course=course):
        raise Denied


def may_see_progress(user: User, *, course: Course) -> bool:
    """Return whether dates and states of a course, never its content, are open to a person."""
    return user.id in {course.caseworker, course.supervisor, course.coordinator}


def may_record_consent(user: User, *, recording: Recording) -> bool:
    """Return whether a person may write down the answers of those in the recording."""
    return user.role is UserRole.CASEWORKER and user.id == recording.owner


def check_may_record_consent(user: User, *, recording: Recording) -> None:
    """Refuse anyone but the recording's caseworker.

    Raises:
        Denied: The recording is not the person's own.
    """
    if not may_record_consent(user, recording=recording):
        raise Denied
