"""A migrated database of each kind, emptied after every test by undoing its transaction."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from storage.database import make_engine
from storage.migrations import bring_up_to_date
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, MemoryKeys, Site, begin_site


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    yield from _migrated(f"sqlite:///{tmp_path_factory.mktemp('storage')}/samspil.db")


@pytest.fixture(scope="session")
def postgresql_engine(postgres_url: str) -> Iterator[Engine]:
    name = f"contract_{uuid4().hex}"
    server = make_engine(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = make_url(postgres_url).set(database=name)
    yield from _migrated(url.render_as_string(hide_password=False))
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def tx(engine: Engine) -> Iterator[Transaction]:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield Transaction(session, MemoryKeys(), NOW)
        outer.rollback()


@pytest.fixture
def site(tx: Transaction) -> Site:
    return begin_site(tx)


def _migrated(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    bring_up_to_date(engine)
    yield engine
    engine.dispose()
