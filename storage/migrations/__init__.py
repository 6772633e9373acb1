"""Bringing a database to the shape of ``storage.tables``. Versions are only ever added."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.errors import DatabaseTooNew

_UPGRADING: Final = 7409
"""Any number: processes that start together upgrade one after another."""


def known_revisions() -> frozenset[str]:
    """Return every shape of the tables that there has been."""
    script = ScriptDirectory.from_config(alembic_config())
    return frozenset(version.revision for version in script.walk_revisions())


def check_known(connection: Connection) -> str | None:
    """Return which shape a database's tables have, None if it has none of ours.

    Raises:
        DatabaseTooNew: A newer Samspil has used the database.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known_revisions():
        raise DatabaseTooNew
    return current


def bring_up_to_date(engine: Engine) -> None:
    """Apply the versions that a database has not seen yet, all of them or none.

    Raises:
        DatabaseTooNew: A newer Samspil has used the database.
    """
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADING})
        current = check_known(connection)
        if current != script.get_current_head():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def begin_anew(connection: Connection, *, revision: str) -> None:
    """Remove all tables of ours from a database and make empty ones of an earlier shape.

    Raises:
        DatabaseTooNew: A newer Samspil has used the database.
    """
    current = check_known(connection)
    config = alembic_config()
    config.attributes["connection"] = connection
    if current is not None:
        command.downgrade(config, "base")
    command.upgrade(config, revision)


def alembic_config() -> Config:
    """Return Alembic's configuration: these scripts; the caller adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
