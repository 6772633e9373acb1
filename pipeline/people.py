"""``samspil people``: accounts and courses, from the command line of the site's own machine."""

import getpass
import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.bootstrap import open_home
from pipeline.words import errors_in_words
from storage import accounts, courses
from storage.passwords import hash_password
from storage.records import Package, User, UserRole
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
    package: Annotated[Package, typer.Option(help="Which themes.")] = Package.ONE,
    starts_on: Annotated[datetime | None, typer.Option(help="First day; today if unsaid.")] = None,
    weeks: Annotated[int, typer.Option(help="How many weeks.", min=1)] = 20,
) -> None:
    """Begin a course of one caseworker with one supervisor."""
    with errors_in_words(), open_home().transaction() as tx:
        courses.add_course(
            tx,
            caseworker=_named(tx, caseworker, role=UserRole.CASEWORKER).id,
            supervisor=_named(tx, supervisor, role=UserRole.SUPERVISOR).id,
            coordinator=_named(tx, coordinator, role=UserRole.COORDINATOR).id
            if coordinator
            else None,
            package=package,
            starts_on=_day(starts_on, today=tx.at.date()),
            weeks=weeks,
        )
    console.print("The course has begun.")


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


def _day(chosen: datetime | None, *, today: date) -> date:
    return chosen.replace(tzinfo=UTC).date() if chosen else today
