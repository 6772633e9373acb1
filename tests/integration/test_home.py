import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consent.errors import JurisdictionInvalid
from storage import accounts, audit
from storage.errors import DatabaseDamaged, HomeNotWritable, NotFound
from storage.home import Home
from storage.jurisdictions import jurisdiction
from storage.records import UserId, UserRole
from storage.settings import Settings
from storage.transaction import Transaction
from storage.vault.errors import KekMissing

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def opened(folder: Path) -> Home:
    return Home.open(Settings(home=folder), clock=lambda: NOW)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = opened(tmp_path / "home")
    yield home
    home.close()


def add(tx: Transaction, login: str) -> UserId:
    return accounts.add_user(
        tx, login=login, name="N", role=UserRole.CASEWORKER, password_hash="", language="da"
    ).id


def test_what_a_transaction_writes_is_there_after_opening_again(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with first.transaction() as tx:
        assert tx.at == NOW
        id_ = add(tx, "carla")
    first.close()
    second = opened(tmp_path)
    with second.reading() as tx:
        assert accounts.user(tx, id_).login == "carla"
    second.close()


def test_an_error_undoes_everything_in_its_transaction(home: Home) -> None:
    def half_done() -> None:
        with home.transaction() as tx:
            add(tx, "carla")
            audit.append(tx, actor="u", action="add", subject="carla")
            accounts.user(tx, UserId("none"))

    with pytest.raises(NotFound):
        half_done()
    with home.reading() as tx:
        assert accounts.user_by_login(tx, "carla") is None
        assert audit.verify(tx) == 0


def test_readers_do_not_wait_for_a_writer(home: Home) -> None:
    with home.transaction() as writing:
        add(writing, "carla")
        with home.reading() as tx:
            assert accounts.user_by_login(tx, "carla") is None


def test_the_home_is_closed_to_other_users(home: Home) -> None:
    folders = [home.settings.home, *(p for p in home.settings.home.rglob("*") if p.is_dir())]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_processes_that_start_together_all_open(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        homes = list(pool.map(opened, [tmp_path / "home"] * 4))
    with homes[0].transaction() as tx:
        id_ = add(tx, "carla")
    with homes[3].reading() as tx:
        assert accounts.user(tx, id_).id == id_
    for home in homes:
        home.close()


def test_a_folder_that_cannot_be_written_to_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeNotWritable):
        opened(tmp_path / "file" / "home")


def test_a_sites_own_rules_come_before_the_shipped_ones(tmp_path: Path) -> None:
    shipped = files("consent").joinpath("jurisdictions", "DK-2024.toml")
    text = shipped.read_text(encoding="utf-8").replace("retention_days = 180", "retention_days = 7")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "dk.toml").write_text(text, encoding="utf-8")
    (rules / "notes.txt").write_text("no profile", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", jurisdictions_dir=rules)
    home = Home.open(settings, clock=lambda: NOW)
    with home.reading() as tx:
        assert jurisdiction(tx, "DK").retention_days == 7
        assert jurisdiction(tx, "SE").retention_days == 180
    home.close()


@pytest.mark.parametrize("content", [b"\xff", b"code = 1", None])
def test_a_home_with_unfit_rules_does_not_open(tmp_path: Path, content: bytes | None) -> None:
    rules = tmp_path / "rules"
    if content is not None:
        rules.mkdir()
        (rules / "dk.toml").write_bytes(content)
    with pytest.raises(JurisdictionInvalid, match=r"^dk\.toml: |rules: there is no such folder"):
        Home.open(Settings(home=tmp_path / "home", jurisdictions_dir=rules))
    assert not (tmp_path / "home").exists()


def test_a_lost_key_file_is_named_as_such(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "keys" / "kek").unlink()
    with pytest.raises(KekMissing):
        opened(tmp_path)


@pytest.mark.parametrize("file", ["samspil.db", "keys/keys.db"])
def test_a_file_that_is_no_database_is_named_as_damaged(tmp_path: Path, file: str) -> None:
    opened(tmp_path).close()
    for path in tmp_path.glob(f"{file}-*"):
        path.unlink()
    (tmp_path / file).write_bytes(b"not a database, by any means" * 100)
    with pytest.raises(DatabaseDamaged):
        opened(tmp_path)


def test_a_damaged_page_is_named_as_such(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with first.transaction() as tx:
        for number in range(200):
            add(tx, f"login{number}")
    first.close()
    path = tmp_path / "samspil.db"
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    path.write_bytes(content)

    def read_all() -> None:
        with opened(tmp_path).reading() as tx:
            tx.session.connection().execute(text("SELECT count(*) FROM users")).all()

    with pytest.raises(DatabaseDamaged):
        read_all()


def test_what_a_database_refuses_is_not_quoted(home: Home) -> None:
    with home.transaction() as tx:
        add(tx, "carla")
    with pytest.raises(IntegrityError) as refusal, home.transaction() as tx:
        tx.session.connection().execute(
            text(
                "INSERT INTO users (id, login, name, role, language, password_hash, active) "
                "SELECT id, :n, :n, :n, :n, :n, TRUE FROM users"
            ),
            {"n": "zyxwvutsrq"},
        )
    assert "zyxwvutsrq" not in str(refusal.value)
