from datetime import UTC, date, datetime

import pytest

from consent.model import RecordingId
from review_app.errors import Denied
from review_app.permissions import (
    check_may_add_recording,
    check_may_record_consent,
    check_may_see_content,
    may_see_content,
    may_see_progress,
    side_of,
)
from storage.records import Course, CourseId, Package, Recording, Side, User, UserId, UserRole

METTE = User(UserId("mette"), "mette", "Mette", UserRole.CASEWORKER)
BIRGITTE = User(UserId("birgitte"), "birgitte", "Birgitte", UserRole.SUPERVISOR)
KAREN = User(UserId("karen"), "karen", "Karen", UserRole.COORDINATOR)
OTHERS = [
    KAREN,
    User(UserId("other-caseworker"), "x", "X", UserRole.CASEWORKER),
    User(UserId("other-supervisor"), "y", "Y", UserRole.SUPERVISOR),
    User(UserId("admin"), "admin", "Admin", UserRole.ADMINISTRATOR),
    User(UserId("researcher"), "z", "Z", UserRole.RESEARCHER),
    # The right person in the wrong role has no more right than a stranger.
    User(METTE.id, "mette", "Mette", UserRole.ADMINISTRATOR),
    User(BIRGITTE.id, "birgitte", "Birgitte", UserRole.ADMINISTRATOR),
]
COURSE = Course(CourseId("c"), METTE.id, BIRGITTE.id, KAREN.id, Package.ONE, date(2026, 9, 1))
RECORDING = Recording(
    RecordingId("r"), COURSE.id, METTE.id, 1, "A", datetime(2026, 11, 1, tzinfo=UTC)
)


def test_the_room_is_the_caseworkers_and_the_supervisors() -> None:
    assert side_of(METTE, recording=RECORDING, course=COURSE) is Side.CASEWORKER
    assert check_may_see_content(BIRGITTE, recording=RECORDING, course=COURSE) is Side.SUPERVISOR


@pytest.mark.parametrize("user", OTHERS)
def test_nobody_else_sees_content(user: User) -> None:
    assert not may_see_content(user, recording=RECORDING, course=COURSE)
    with pytest.raises(Denied):
        check_may_see_content(user, recording=RECORDING, course=COURSE)


@pytest.mark.parametrize("user", [BIRGITTE, *OTHERS])
def test_only_the_caseworker_adds_recordings_and_writes_down_answers(user: User) -> None:
    with pytest.raises(Denied):
        check_may_add_recording(user, course=COURSE)
    with pytest.raises(Denied):
        check_may_record_consent(user, recording=RECORDING)


def test_the_coordinator_sees_progress_and_the_administrator_does_not() -> None:
    assert may_see_progress(KAREN, course=COURSE)
    assert not may_see_progress(OTHERS[3], course=COURSE)
