"""Erasing what a caseworker wrote for a course, once it is over. Recordings are ``erasure``'s.

A course has its own key, for what is written for it belongs to no recording and outlives each. It
stays for as long after the course as a recording may, and goes in the same order: first the key,
then the rows that have become unreadable, then what wraps the keys.
"""

from datetime import timedelta

from consent.days import day_of
from storage import audit, courses, goals
from storage.anchors import ACTOR
from storage.erasure import rotate_now
from storage.errors import NotFound
from storage.home import Home
from storage.jurisdictions import jurisdiction
from storage.records import CourseId
from storage.transaction import Transaction


def erase_goals_of_ended_courses(home: Home) -> None:
    """Erase the goals of courses that ended as long ago as recordings are kept after theirs.

    Interrupted anywhere, it is finished by doing it again. Where no rules of the site's country
    are in force nothing is erased.
    """
    with home.reading() as tx:
        over = _over(tx, home.settings.jurisdiction)
    for course in over:
        home.keys.destroy_course_key(course)
        with home.transaction() as tx:
            detail = {"count": goals.remove_goals(tx, course)}
            audit.append(tx, actor=ACTOR, action="goals_erased", subject=course, detail=detail)
    if over:
        rotate_now(home)


def _over(tx: Transaction, country: str) -> list[CourseId]:
    try:
        rules = jurisdiction(tx, country)
    except NotFound:
        return []
    ended_by = day_of(tx.at, rules) - timedelta(days=rules.after_course_days)
    with_goals = goals.courses_with_goals(tx)
    return [course for course in with_goals if courses.course(tx, course).ends_on <= ended_by]
