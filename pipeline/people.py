"""``samspil people``: accounts and courses, from the command line of the site's own machine."""

import getpass
import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.bootstrap import open_home
from pipeline.words import errors_in_words
from storage import accounts, concerns, courses, jurisdictions, notifications
from storage.passwords import hash_password
from storage.records import Course, NotificationKind, Package, User, UserRole
from storage.transaction import Transaction

_SHORTEST_PASSWORD = 12

app = typer.Typer(help="Accounts and courses.", no_args_is_help=True)
console = Console()


@app.command("list")
def list_people() -> None:
    """List the accounts, by login."""
    with errors_in_words(), open_home().reading() as tx:
        table = Table("Login", "Name", "Role", "Language")
        for user in accounts.users(tx):
            table.add_row(user.login, user.name, user.role.value, user.language)
    console.print(table)


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="What the person signs in with.")],
    *,
    name: Annotated[str, typer.Option(help="As colleagues know them.", prompt=True)],
    role: Annotated[UserRole, typer.Option(help="What the account is for.", prompt=True)],
    language: Annotated[str, typer.Option(help="da, sv or en.")] = "da",
) -> None:
    """Open an account. The password is asked for, or read from standard input."""
    password = _password()
    with errors_in_words(), open_home().transaction() as tx:
        accounts.add_user(
            tx,
            login=login.strip().lower(),
            name=name,
            role=role,
            password_hash=hash_password(password),
            language=language,
        )
    console.print(f"{login} can sign in.")


@app.command()
def close(login: Annotated[str, typer.Argument(help="Whose account is closed.")]) -> None:
    """Close an account and sign it out everywhere. What it recorded stays with its course."""
    with errors_in_words(), open_home().transaction() as tx:
        accounts.close_account(tx, _named(tx, login).id)
    console.print(f"{login} can no longer sign in.")


@app.command()
def course(
    *,
    caseworker: Annotated[str, typer.Option(help="Login of the caseworker.")],
    supervisor: Annotated[str, typer.Option(help="Login of the supervisor.")],
    coordinator: Annotated[str, typer.Option(help="Login of the coordinator, if any.")] = "",
    leader: Annotated[
        str, typer.Option(help="Login of whoever is told of a concern; the coordinator if unsaid.")
    ] = "",
    package: Annotated[Package, typer.Option(help="Which themes.")] = Package.ONE,
    starts_on: Annotated[datetime | None, typer.Option(help="First day; today if unsaid.")] = None,
    weeks: Annotated[int, typer.Option(help="How many weeks.", min=1)] = 20,
) -> None:
    """Begin a course of one caseworker with one supervisor."""
    with errors_in_words(), (home := open_home()).transaction() as tx:
        today = jurisdictions.today(tx, home.settings.jurisdiction)
        courses.add_course(
            tx,
            caseworker=_named(tx, caseworker, role=UserRole.CASEWORKER).id,
            supervisor=_named(tx, supervisor, role=UserRole.SUPERVISOR).id,
            coordinator=_named(tx, coordinator, role=UserRole.COORDINATOR).id
            if coordinator
            else None,
            leader=_leader(tx, leader, of=(caseworker, supervisor)).id if leader else None,
            package=package,
            starts_on=starts_on.date() if starts_on else today,
            weeks=weeks,
        )
    console.print("The course has begun.")


@app.command()
def leader(
    login: Annotated[str, typer.Argument(help="Login of whoever is to be told of concerns.")],
    *,
    caseworker: Annotated[str, typer.Option(help="Login of the caseworker whose courses it is.")],
) -> None:
    """Name who is told of concerns in a caseworker's courses, and hand over those that stand."""
    with errors_in_words(), open_home().transaction() as tx:
        own = _named(tx, caseworker, role=UserRole.CASEWORKER)
        found = [each for each in courses.courses_of(tx, own.id) if each.caseworker == own.id]
        if not found:
            raise typer.BadParameter(f"{caseworker} is in no course")
        for each in found:
            _hand_over(tx, each, _leader(tx, login, of=(caseworker, _login_of(tx, each))))
    console.print(f"{login} is told of concerns from now on.")


def _password() -> str:
    given = sys.stdin.readline().strip() if not sys.stdin.isatty() else getpass.getpass()
    if len(given) < _SHORTEST_PASSWORD:
        raise typer.BadParameter(f"a password has at least {_SHORTEST_PASSWORD} characters")
    return given


def _named(tx: Transaction, login: str, *, role: UserRole | None = None) -> User:
    found = accounts.user_by_login(tx, login)
    if found is None or (role is not None and found[0].role is not role):
        raise typer.BadParameter(f"there is no {role or 'account'} with the login {login}")
    return found[0]


def _leader(tx: Transaction, login: str, *, of: tuple[str, str]) -> User:
    """Return an account that is neither of the two: nobody is to be told of what they raise."""
    if login in of:
        raise typer.BadParameter("the leader is somebody else than the two in the review")
    return _named(tx, login)


def _login_of(tx: Transaction, course: Course) -> str:
    return accounts.user(tx, course.supervisor).login


def _hand_over(tx: Transaction, course: Course, leader: User) -> None:
    before = concerns.concerns_for(tx, leader.id)
    courses.name_leader(tx, course.id, leader=leader.id)
    for concern in concerns.concerns_for(tx, leader.id):
        if concern.closed_at is None and concern not in before:
            kind = NotificationKind.CONCERN_RAISED
            notifications.notify(
                tx, [leader.id], kind, recording=concern.recording, about=concern.id
            )
