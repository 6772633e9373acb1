"""Tables and migrations say the same, on both databases."""

from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from storage import requests
from storage.database import make_engine
from storage.errors import DatabaseTooNew
from storage.migrations import alembic_config, bring_up_to_date
from storage.records import Stage
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site


def test_a_migrated_database_has_the_tables_that_are_declared(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_holding_refuses_rows_about_what_is_erased(engine: Engine) -> None:
    outlive_erasure = {"requests", "deletions"}
    holdings = {name for name, table in SQLModel.metadata.tables.items() if "recording" in table.c}
    triggers = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        names = set(connection.execute(text(triggers[engine.dialect.name])).scalars())
    guarded = {name.removesuffix("_erased") for name in names if name.endswith("_erased")}
    assert guarded == holdings - outlive_erasure


def test_bringing_up_to_date_twice_changes_nothing(engine: Engine) -> None:
    bring_up_to_date(engine)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0014"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_can_be_undone_and_done_again(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"sqlite:///{tmp_path}/samspil.db"
        if kind == "sqlite"
        else request.getfixturevalue("empty_postgres_url")
    )
    engine = make_engine(url)
    bring_up_to_date(engine)
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    bring_up_to_date(engine)
    assert "recordings" in inspect(engine).get_table_names()
    engine.dispose()


def test_runs_of_a_stage_that_is_no_more_are_forgotten(tx: Transaction, site: Site) -> None:
    recording = site.recording().id
    for stage in ("segment", "tag"):
        tx.session.execute(
            text(
                "INSERT INTO stage_runs (recording, stage, state, fraction, version, changed_at) "
                "VALUES (:recording, :stage, 'done', 1.0, '', :at)"
            ),
            {"recording": recording, "stage": stage, "at": NOW},
        )
    with Operations.context(MigrationContext.configure(tx.session.connection())):
        import_module("storage.migrations.versions.0013_phases_with_keywords").upgrade()
    assert [run.stage for run in requests.stage_runs_of(tx, recording)] == [Stage.TAG]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/samspil.db")
    bring_up_to_date(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew):
        bring_up_to_date(engine)
    engine.dispose()
