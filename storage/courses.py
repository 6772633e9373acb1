"""Courses: which caseworker goes with which supervisor. Access follows from them elsewhere."""

from datetime import date

from sqlmodel import col, func, or_, select

from storage.identity import new_id
from storage.records import Course, CourseId, Package, UserId
from storage.tables import CourseRow
from storage.transaction import Transaction


def add_course(
    tx: Transaction,
    *,
    caseworker: UserId,
    supervisor: UserId,
    coordinator: UserId | None,
    package: Package,
    starts_on: date,
    weeks: int = 20,
    leader: UserId | None = None,
) -> Course:
    """Begin a course of one caseworker with one supervisor."""
    row = CourseRow(
        id=new_id(),
        caseworker=caseworker,
        supervisor=supervisor,
        coordinator=coordinator,
        package=package,
        starts_on=starts_on,
        weeks=weeks,
        leader=leader,
    )
    tx.session.add(row)
    tx.session.flush()
    return _course(row)


def course(tx: Transaction, id_: CourseId) -> Course:
    """Return a course.

    Raises:
        NotFound: There is no such course.
    """
    return _course(tx.row(CourseRow, id_))


def courses(tx: Transaction) -> tuple[Course, ...]:
    """Return every course by its start."""
    query = select(CourseRow).order_by(col(CourseRow.starts_on), col(CourseRow.id))
    return tuple(map(_course, tx.session.exec(query)))


def courses_of(tx: Transaction, user: UserId) -> tuple[Course, ...]:
    """Return the courses in which someone has a part, the latest first."""
    has_a_part = or_(
        col(CourseRow.caseworker) == user,
        col(CourseRow.supervisor) == user,
        col(CourseRow.coordinator) == user,
    )
    latest_first = (col(CourseRow.starts_on).desc(), col(CourseRow.id).desc())
    rows = tx.session.exec(select(CourseRow).where(has_a_part).order_by(*latest_first))
    return tuple(map(_course, rows))


def courses_led_by(tx: Transaction, user: UserId) -> tuple[Course, ...]:
    """Return the courses in which someone is told of concerns, the latest first."""
    led_by = func.coalesce(CourseRow.leader, CourseRow.coordinator) == user
    latest_first = (col(CourseRow.starts_on).desc(), col(CourseRow.id).desc())
    rows = tx.session.exec(select(CourseRow).where(led_by).order_by(*latest_first))
    return tuple(map(_course, rows))


def name_leader(tx: Transaction, id_: CourseId, *, leader: UserId) -> Course:
    """Let someone be told of concerns in a course from now on.

    Raises:
        NotFound: There is no such course.
    """
    row = tx.row(CourseRow, id_)
    row.leader = leader
    tx.session.flush()
    return _course(row)


def _course(row: CourseRow) -> Course:
    return Course(
        id=CourseId(row.id),
        caseworker=UserId(row.caseworker),
        supervisor=UserId(row.supervisor),
        coordinator=UserId(row.coordinator) if row.coordinator else None,
        package=Package(row.package),
        starts_on=row.starts_on,
        weeks=row.weeks,
        leader=UserId(row.leader) if row.leader else None,
    )
