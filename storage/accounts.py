"""Accounts and their signed-in browsers. No passwords and no rules: hashes come and go."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from storage.errors import LoginTaken
from storage.identity import new_id
from storage.records import User, UserId, UserRole
from storage.tables import SessionRow, UserRow
from storage.transaction import Transaction

TOUCHES_PER_IDLE = 20
"""A session's last use is written this many times per idle span at most, not at each click."""


def add_user(
    tx: Transaction, *, login: str, name: str, role: UserRole, password_hash: str, language: str
) -> User:
    """Open an account.

    Raises:
        LoginTaken: Another account has this login.
    """
    row = UserRow(
        id=new_id(),
        login=login,
        name=name,
        role=role,
        language=language,
        password_hash=password_hash,
    )
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        raise LoginTaken from None  # the database's own words would carry the login
    return _user(row)


def user(tx: Transaction, id_: UserId) -> User:
    """Return an account, closed ones too.

    Raises:
        NotFound: There is no such account.
    """
    return _user(tx.row(UserRow, id_))


def user_by_login(tx: Transaction, login: str) -> tuple[User, str] | None:
    """Return an open account and its password hash."""
    query = select(UserRow).where(UserRow.login == login, col(UserRow.active).is_(True))
    row = tx.session.exec(query).first()
    return (_user(row), row.password_hash) if row else None


def users(tx: Transaction) -> tuple[User, ...]:
    """Return all accounts by login, closed ones too."""
    return tuple(map(_user, tx.session.exec(select(UserRow).order_by(col(UserRow.login)))))


def open_accounts(tx: Transaction, *, role: UserRole) -> tuple[User, ...]:
    """Return the accounts of a role with which somebody can sign in, by name."""
    query = select(UserRow).where(UserRow.role == role, col(UserRow.active).is_(True))
    return tuple(map(_user, tx.session.exec(query.order_by(col(UserRow.name), col(UserRow.id)))))


def choose_language(tx: Transaction, id_: UserId, *, language: str) -> None:
    """Show the app to an account's person in another language."""
    tx.row(UserRow, id_).language = language


def choose_timing(tx: Transaction, id_: UserId, *, reaction_ms: int, pre_roll_ms: int) -> None:
    """Say how late a person's hand is at a running film, and how much earlier marks begin."""
    row = tx.row(UserRow, id_)
    row.reaction_ms, row.pre_roll_ms = reaction_ms, pre_roll_ms


def people_named(tx: Transaction, ids: Iterable[UserId]) -> dict[UserId, User]:
    """Return those of the accounts that exist, by id."""
    rows = tx.session.exec(select(UserRow).where(col(UserRow.id).in_(set(ids))))
    return {person.id: person for person in map(_user, rows)}


def close_account(tx: Transaction, id_: UserId) -> None:
    """Let nobody sign in with an account any more, and sign it out everywhere."""
    tx.row(UserRow, id_).active = False
    tx.session.exec(delete(SessionRow).where(col(SessionRow.user) == id_))


def open_session(tx: Transaction, user: UserId, *, token_hash: str, expires_at: datetime) -> None:
    """Sign a browser in. What has expired of the same person's is cleared away."""
    outdated = delete(SessionRow).where(
        col(SessionRow.user) == user, col(SessionRow.expires_at) <= tx.at
    )
    tx.session.exec(outdated)
    tx.session.add(
        SessionRow(
            token_hash=token_hash, user=user, opened_at=tx.at, seen_at=tx.at, expires_at=expires_at
        )
    )


def session_user(tx: Transaction, token_hash: str, *, idle_s: int) -> User | None:
    """Return whose browser this is, if it is signed in and was used within the idle span."""
    session = tx.session.get(SessionRow, token_hash)
    if session is None or tx.at >= session.expires_at:
        return None
    if tx.at - session.seen_at >= timedelta(seconds=idle_s):
        return None
    row = tx.row(UserRow, session.user)
    return _user(row) if row.active else None


def use_is_worth_noting(tx: Transaction, token_hash: str, *, idle_s: int) -> bool:
    """Return whether a session's last noted use is long enough ago to note this one."""
    session = tx.session.get(SessionRow, token_hash)
    due = timedelta(seconds=idle_s / TOUCHES_PER_IDLE)
    return session is not None and tx.at - session.seen_at >= due


def note_use(tx: Transaction, token_hash: str) -> None:
    """Note that a session was used just now; one that has ended stays ended."""
    session = tx.session.get(SessionRow, token_hash)
    if session is not None:
        session.seen_at = tx.at


def close_session(tx: Transaction, token_hash: str) -> None:
    """Sign a browser out, if it is signed in."""
    tx.session.exec(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))


def _user(row: UserRow) -> User:
    return User(
        id=UserId(row.id),
        login=row.login,
        name=row.name,
        role=UserRole(row.role),
        language=row.language,
        reaction_ms=row.reaction_ms,
        pre_roll_ms=row.pre_roll_ms,
    )
