"""Who may do what, by role and relationship. Consent is asked for beside this, never instead.

Each rule is a pair: ``may_x`` answers, ``check_may_x`` raises.
"""

from datetime import datetime

from review_app.errors import Denied
from storage.records import BreakGlass, Course, Recording, Side, User, UserRole


def side_of(user: User, *, recording: Recording, course: Course) -> Side | None:
    """Return which of the two in the confidential room a person is, if any."""
    side = side_in(user, course=course)
    return None if side is Side.CASEWORKER and user.id != recording.owner else side


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


def may_invite(user: User, *, recording: Recording, course: Course) -> bool:
    """Return whether a person may invite colleagues to a recording's meeting: its supervisor."""
    return side_of(user, recording=recording, course=course) is Side.SUPERVISOR


def check_may_invite(user: User, *, recording: Recording, course: Course) -> None:
    """Refuse anyone but the recording's supervisor.

    Raises:
        Denied: The meeting is not this person's to open.
    """
    if not may_invite(user, recording=recording, course=course):
        raise Denied


def may_be_invited(user: User, *, recording: Recording, course: Course) -> bool:
    """Return whether a person may be a guest at a recording's meeting: a colleague caseworker."""
    own = side_of(user, recording=recording, course=course)
    return user.role is UserRole.CASEWORKER and own is None


def check_may_be_invited(user: User, *, recording: Recording, course: Course) -> None:
    """Refuse whoever is no caseworker, and the two themselves.

    Raises:
        Denied: There is no place for this person at the meeting.
    """
    if not may_be_invited(user, recording=recording, course=course):
        raise Denied


def side_in(user: User, *, course: Course) -> Side | None:
    """Return which of the two of a course a person is, if any, whatever the recording."""
    if user.role is UserRole.CASEWORKER and user.id == course.caseworker:
        return Side.CASEWORKER
    if user.role is UserRole.SUPERVISOR and user.id == course.supervisor:
        return Side.SUPERVISOR
    return None


def may_see_goals(user: User, *, course: Course) -> bool:
    """Return whether a course's own goals are open to a person: to the two, and nobody else."""
    return side_in(user, course=course) is not None


def check_may_see_goals(user: User, *, course: Course) -> Side:
    """Return the person's side of the course.

    Raises:
        Denied: The person is neither the course's caseworker nor its supervisor.
    """
    side = side_in(user, course=course)
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


def may_try(user: User) -> bool:
    """Return whether a person may have a test recording checked: those who record."""
    return user.role is UserRole.CASEWORKER


def check_may_try(user: User) -> None:
    """Refuse anyone but a caseworker.

    Raises:
        Denied: The person records no conversations.
    """
    if not may_try(user):
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


def may_have_certificate(user: User, *, recording: Recording) -> bool:
    """Return whether a person may be shown what proves that a recording is erased."""
    return user.role is UserRole.ADMINISTRATOR or may_record_consent(user, recording=recording)


def may_read_codebooks(user: User) -> bool:
    """Return whether a person has the page of the codebooks: all who code, run or study it."""
    return user.role is not UserRole.CASEWORKER


def check_may_read_codebooks(user: User) -> None:
    """Refuse caseworkers, who meet the keywords at the desk.

    Raises:
        Denied: The person is a caseworker.
    """
    if not may_read_codebooks(user):
        raise Denied


def may_edit_codebooks(user: User) -> bool:
    """Return whether a person may change what the site's keywords mean."""
    return user.role in {UserRole.SUPERVISOR, UserRole.COORDINATOR, UserRole.ADMINISTRATOR}


def check_may_edit_codebooks(user: User) -> None:
    """Refuse whoever only records or studies.

    Raises:
        Denied: The person is neither supervisor nor coordinator nor administrator.
    """
    if not may_edit_codebooks(user):
        raise Denied


def may_keep_words(user: User) -> bool:
    """Return whether a person may say which places and institutions the site's talk is about."""
    return user.role in {UserRole.COORDINATOR, UserRole.ADMINISTRATOR}


def check_may_keep_words(user: User) -> None:
    """Refuse anyone but coordinators and administrators.

    Raises:
        Denied: The person is neither.
    """
    if not may_keep_words(user):
        raise Denied


def may_follow_concerns(user: User, *, course: Course) -> bool:
    """Return whether a person is told of a course's concerns and answers for what is done."""
    return user.id == course.told_of_concerns


def check_may_follow_concerns(user: User, *, course: Course) -> None:
    """Refuse anyone but the course's leader, or its coordinator where no leader is named.

    Raises:
        Denied: The course is not this person's to answer for.
    """
    if not may_follow_concerns(user, course=course):
        raise Denied


def may_place_hold(user: User, *, course: Course) -> bool:
    """Return whether a person may hold back a course's recordings from erasure."""
    return user.id in {course.leader, course.coordinator}


def check_may_place_hold(user: User, *, course: Course) -> None:
    """Refuse anyone but the course's leader and coordinator.

    Raises:
        Denied: The course is not this person's to look after.
    """
    if not may_place_hold(user, course=course):
        raise Denied


def may_view(
    user: User,
    *,
    recording: Recording,
    course: Course,
    emergency: BreakGlass | None,
    at: datetime,
) -> bool:
    """Return whether film and captions, and nothing else, are open to a person at a moment.

    They are to the two; to an administrator for as long as an emergency access is open that
    another person has approved.
    """
    if may_see_content(user, recording=recording, course=course):
        return True
    return (
        emergency is not None
        and user.role is UserRole.ADMINISTRATOR
        and (emergency.recording, emergency.asked_by) == (recording.id, user.id)
        and emergency.approved_by not in {None, user.id}
        and emergency.ends_at is not None
        and at < emergency.ends_at
    )


def check_may_view(
    user: User,
    *,
    recording: Recording,
    course: Course,
    emergency: BreakGlass | None,
    at: datetime,
) -> None:
    """Refuse anyone to whom film and captions are not open.

    Raises:
        Denied: The person is none of the two and has no emergency access open.
    """
    if not may_view(user, recording=recording, course=course, emergency=emergency, at=at):
        raise Denied


def may_forget_what_was_learned(user: User) -> bool:
    """Return whether a person may let the machine forget what verdicts have taught it."""
    return user.role is UserRole.ADMINISTRATOR


def check_may_forget_what_was_learned(user: User) -> None:
    """Refuse anyone but administrators.

    Raises:
        Denied: The person is no administrator.
    """
    if not may_forget_what_was_learned(user):
        raise Denied


def may_ask_for_emergency_access(user: User) -> bool:
    """Return whether a person may ask for a recording to be opened in an emergency."""
    return user.role is UserRole.ADMINISTRATOR


def check_may_ask_for_emergency_access(user: User) -> None:
    """Refuse anyone but administrators.

    Raises:
        Denied: The person is no administrator.
    """
    if not may_ask_for_emergency_access(user):
        raise Denied


def may_approve_emergency_access(user: User, *, asked: BreakGlass, course: Course) -> bool:
    """Return whether a person may open what another has asked for."""
    if user.id == asked.asked_by:
        return False
    return user.role is UserRole.ADMINISTRATOR or user.id in {course.coordinator, course.leader}


def check_may_approve_emergency_access(user: User, *, asked: BreakGlass, course: Course) -> None:
    """Refuse the one who asked, and whoever neither administers nor leads the course.

    Raises:
        Denied: The person is not the second one.
    """
    if not may_approve_emergency_access(user, asked=asked, course=course):
        raise Denied
