from datetime import date

import pytest

from storage import accounts, courses
from storage.errors import NotFound
from storage.records import CourseId, Package, UserRole
from storage.transaction import Transaction
from tests.contract.storage.scene import Site


class TestCourses:
    def test_a_course_is_found_by_everyone_who_has_a_part(
        self, tx: Transaction, site: Site
    ) -> None:
        coordinator = accounts.add_user(
            tx,
            login="kim",
            name="Kim",
            role=UserRole.COORDINATOR,
            password_hash="",
            language="da",
        )
        second = courses.add_course(
            tx,
            caseworker=site.caseworker.id,
            supervisor=site.supervisor.id,
            coordinator=coordinator.id,
            package=Package.TWO,
            starts_on=date(2026, 9, 1),
            weeks=24,
        )
        assert courses.course(tx, second.id) == second
        assert courses.courses_of(tx, site.caseworker.id) == (second, site.course)
        assert courses.courses_of(tx, site.supervisor.id) == (second, site.course)
        assert courses.courses_of(tx, coordinator.id) == (second,)

    def test_an_unknown_course_is_not_found(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            courses.course(tx, CourseId("none"))
