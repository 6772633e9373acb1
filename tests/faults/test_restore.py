"""The restore drill: a backup from before a withdrawal, put back with today's keys."""

import hashlib
import http.client
import json
import os
import shutil
import signal
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, text
from sqlmodel import SQLModel

from consent.model import RecordingId
from storage import (
    accounts,
    anchors,
    audit,
    consent_ledger,
    courses,
    erasure,
    media,
    recordings,
    restoring,
)
from storage.backup import LEFT_OUT, MANIFEST, TABLES, back_up
from storage.database import make_engine
from storage.errors import (
    BackupDamaged,
    BackupTooNew,
    DatabaseTooNew,
    FolderNotEmpty,
    HomeNotEmpty,
    NotFound,
    ProofBroken,
    ProofCut,
    RestoreUnfinished,
    StillRunning,
)
from storage.home import Home
from storage.migrations import begin_anew, known_revisions
from storage.records import BlobRole
from storage.settings import Settings
from storage.vault.errors import KekMissing, KeyDestroyed
from storage.vault.key_copies import copy_keys
from storage.workers import report_worker
from tests.conftest import S3Endpoint
from tests.contract.storage.scene import Site, begin_site
from tests.faults import flow
from tests.faults.test_erasure import CANARY, fill
from tests.new_home import new_home


@pytest.fixture(params=["embedded", "scaled"])
def env(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    settings = {"SAMSPIL_HOME": str(tmp_path / "home"), "SAMSPIL_PROOF_DIR": str(tmp_path / "far")}
    if request.param == "scaled":
        settings |= _servers(request)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def _servers(request: pytest.FixtureRequest) -> dict[str, str]:
    url: str = request.getfixturevalue("fresh_postgres_url")
    s3: S3Endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"restore-{uuid4().hex}"
    with closing(http.client.HTTPConnection(urlsplit(s3.url).netloc)) as connection:
        connection.request("PUT", f"/{bucket}")
        assert connection.getresponse().status == http.client.OK
    return {
        "SAMSPIL_DATABASE_URL": url,
        "SAMSPIL_KEYS_URL": url,
        "SAMSPIL_S3_BUCKET": bucket,
        "SAMSPIL_S3_ENDPOINT": s3.url,
        "SAMSPIL_S3_ACCESS_KEY": s3.access_key_id,
        "SAMSPIL_S3_SECRET_KEY": s3.secret_access_key,
    }


@pytest.fixture
def two(env: dict[str, str], tmp_path: Path) -> tuple[RecordingId, RecordingId]:  # noqa: ARG001 - it reads them
    """Give two recordings of a site that was backed up before the first one was erased."""
    with closing(new_home(Settings())) as home:
        withdrawn, kept = _two_recordings(home)
        with home.transaction() as tx:
            audit.append(tx, actor="u1", action="view", subject=kept)
        anchors.anchor_what_is_new(home)
        back_up(home, tmp_path / "backup")
        copy_keys(home.keys, tmp_path / "old keys")
        erasure.erase(home, withdrawn)
    return withdrawn, kept


def _two_recordings(home: Home) -> tuple[RecordingId, RecordingId]:
    withdrawn = fill(home)
    with home.transaction() as tx:
        found = recordings.recording(tx, withdrawn)
        owner = accounts.user(tx, found.owner)
        kept = Site(tx, owner, owner, courses.course(tx, found.course)).permit().recording
    deposit = home.vault.put(kept, role=BlobRole.SOURCE)
    with deposit as writer:
        writer.write(CANARY.encode())
    with home.transaction() as tx:
        recordings.mark_received(tx, kept, source=deposit.ref)
    return withdrawn, kept


def check_drill(withdrawn: RecordingId, kept: RecordingId) -> None:
    with closing(Home.open(Settings())) as home:
        with home.reading() as tx:
            with pytest.raises(NotFound):
                consent_ledger.permit(tx, withdrawn)
            stub = recordings.recording(tx, withdrawn)
            assert (stub.youth_letter, bool(stub.erased_at)) == ("", True)
            assert erasure.unfinished_erasures(tx) == ()
            permit = consent_ledger.permit(tx, kept)
            with media.open_media(home, tx, permit, BlobRole.SOURCE) as film:
                assert film.read() == CANARY.encode()
            checked = anchors.verify(tx, home.proof)
        assert len(checked.restored) >= 1
        with pytest.raises(KeyDestroyed):
            home.keys.data_key(withdrawn)
        assert {ref.key.split("/")[0] for ref in home.vault.store.list()} == {kept}


def test_what_was_withdrawn_since_the_backup_stays_unreadable(
    two: tuple[RecordingId, RecordingId], tmp_path: Path
) -> None:
    done = restoring.restore(Settings(), tmp_path / "backup", replace=True)
    assert done.erased_again == 1
    check_drill(*two)


def test_an_old_copy_of_the_keys_opens_nothing_either(
    two: tuple[RecordingId, RecordingId], env: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = Settings(
        home=tmp_path / "elsewhere", proof_dir=tmp_path / "none", key_encryption_key=None
    ).model_copy(update={"database_url": "", "keys_url": "", "s3_bucket": ""})
    (tmp_path / "elsewhere" / "keys").mkdir(parents=True)
    shutil.copy2(Path(env["SAMSPIL_HOME"]) / "keys" / "kek", tmp_path / "elsewhere/keys/kek")
    with pytest.raises(KekMissing):
        restoring.restore(elsewhere, tmp_path / "backup", keys=tmp_path / "old keys")
    assert two


def test_a_lost_site_comes_back_from_backup_keys_and_proof(
    two: tuple[RecordingId, RecordingId], env: dict[str, str], tmp_path: Path
) -> None:
    with closing(Home.open(Settings())) as home:
        copy_keys(home.keys, tmp_path / "new keys")
    new_home = tmp_path / "new home"
    (new_home / "keys").mkdir(parents=True, mode=0o700)
    shutil.copy2(Path(env["SAMSPIL_HOME"]) / "keys" / "kek", new_home / "keys" / "kek")
    new = Settings(home=new_home).model_copy(
        update={"database_url": "", "keys_url": "", "s3_bucket": ""}
    )
    restoring.restore(new, tmp_path / "backup", keys=tmp_path / "new keys")
    with closing(Home.open(new)) as home, home.reading() as tx:
        permit = consent_ledger.permit(tx, two[1])
        with media.open_media(home, tx, permit, BlobRole.SOURCE) as film:
            assert film.read() == CANARY.encode()
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, two[0])


MOMENTS = ("_say_restoring", "_put_back_rows", "_put_back_blobs", "_anchor", "_erase_again")


def be_killed(moment: str) -> None:
    """Put back a backup, and die right after one of its steps."""
    step, folder = moment.split(",")
    real = getattr(restoring, step)

    def die(*args: object, **options: object) -> None:
        real(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(restoring, step, die)
    restoring.restore(Settings(), Path(folder), replace=True)


@pytest.mark.parametrize("moment", MOMENTS)
def test_until_a_killed_restore_is_finished_nothing_opens(
    two: tuple[RecordingId, RecordingId], env: dict[str, str], tmp_path: Path, moment: str
) -> None:
    dying = flow.begin(be_killed, env, f"{moment},{tmp_path / 'backup'}")
    dying.process.join()
    assert dying.process.exitcode == -signal.SIGKILL
    with pytest.raises(RestoreUnfinished):
        Home.open(Settings())
    restoring.restore(Settings(), tmp_path / "backup")
    check_drill(*two)


def test_every_row_comes_back_as_it_was(env: dict[str, str], tmp_path: Path) -> None:  # noqa: ARG001 - it reads them
    with closing(Home.open(Settings())) as home:
        fill(home)
        before = _rows(home)
        back_up(home, tmp_path / "backup")
    restoring.restore(Settings(), tmp_path / "backup", replace=True)
    with closing(Home.open(Settings())) as home:
        after = _rows(home)
    assert after.pop("audit")[: len(before["audit"])] == before.pop("audit")
    assert after == before
    assert sum(map(len, after.values())) > 30


def _rows(home: Home) -> dict[str, list[dict[str, object]]]:
    with home.reading() as tx:
        return {
            name: [
                dict(row)
                for row in tx.session.connection()
                .execute(table.select().order_by(*table.primary_key.columns))
                .mappings()
            ]
            for name, table in SQLModel.metadata.tables.items()
            if name not in LEFT_OUT
        }


@pytest.fixture
def backed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a backup of a small site in a folder of its own."""
    monkeypatch.setenv("SAMSPIL_HOME", str(tmp_path / "home"))
    with closing(Home.open(Settings())) as home:
        with home.transaction() as tx:
            begin_site(tx).permit()
        back_up(home, tmp_path / "backup")
        with pytest.raises(FolderNotEmpty):
            back_up(home, tmp_path / "backup")
    return tmp_path / "backup"


def test_a_backup_holds_no_key_and_no_sign_in(backed_up: Path, tmp_path: Path) -> None:
    names = {path.stem for path in (backed_up / TABLES).iterdir()}
    assert names == set(SQLModel.metadata.tables) - LEFT_OUT
    kek = (tmp_path / "home" / "keys" / "kek").read_bytes().strip()
    files = [path for path in backed_up.rglob("*") if path.is_file()]
    assert not [path for path in files if kek in path.read_bytes()]
    assert not [path for path in files if path.stat().st_mode & 0o077]


def test_what_is_here_is_not_replaced_unasked(backed_up: Path) -> None:
    with pytest.raises(HomeNotEmpty):
        restoring.restore(Settings(), backed_up)
    Home.open(Settings()).close()


@pytest.mark.parametrize("damage", ["change", "remove", "add", "cut"])
def test_a_damaged_backup_touches_nothing(backed_up: Path, damage: str) -> None:
    users = backed_up / TABLES / "users.jsonl"
    match damage:
        case "change":
            users.write_bytes(users.read_bytes().replace(b"carla", b"clara"))
        case "remove":
            users.unlink()
        case "add":
            users.with_name("more.jsonl").touch()
        case _:
            (backed_up / MANIFEST).unlink()
    with pytest.raises(BackupDamaged):
        restoring.restore(Settings(), backed_up, replace=True)
    Home.open(Settings()).close()


def test_a_backup_of_a_newer_version_is_refused(backed_up: Path) -> None:
    path = backed_up / MANIFEST
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps({**said, "revision": "9999"}), encoding="utf-8")
    with pytest.raises(BackupTooNew):
        restoring.restore(Settings(), backed_up, replace=True)


EARLIER = sorted(known_revisions())[:-1]


@pytest.mark.parametrize(
    ("env", "revision"),
    [*(("embedded", each) for each in EARLIER), ("scaled", EARLIER[-1])],
    indirect=["env"],
)
def test_a_backup_of_every_earlier_version_comes_back_up_to_date(
    two: tuple[RecordingId, RecordingId], tmp_path: Path, revision: str
) -> None:
    make_earlier(tmp_path / "backup", revision=revision)
    done = restoring.restore(Settings(), tmp_path / "backup", replace=True)
    assert (done.manifest.revision, done.erased_again) == (revision, 1)
    check_drill(*two)


def make_earlier(folder: Path, *, revision: str) -> None:
    """Leave of a backup what one made at an earlier shape of the tables has."""
    engine = make_engine("sqlite://")
    shape = MetaData()
    with engine.begin() as connection:
        begin_anew(connection, revision=revision)
        shape.reflect(connection)
    engine.dispose()
    for path in (folder / TABLES).iterdir():
        if path.stem not in shape.tables:
            path.unlink()
            continue
        columns = shape.tables[path.stem].columns.keys()
        rows = [json.loads(line) for line in path.read_bytes().splitlines()]
        kept = [json.dumps({name: row[name] for name in columns}) for row in rows]
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] = [
        {**each, "size": len(said), "sha256": hashlib.sha256(said).hexdigest()}
        for each in manifest["files"]
        if (path := folder / each["name"]).exists() and (said := path.read_bytes()) is not None
    ]
    (folder / MANIFEST).write_text(json.dumps({**manifest, "revision": revision}), encoding="utf-8")


def test_a_database_of_a_newer_version_is_left_as_it_was_or_goes_whole(
    env: dict[str, str], tmp_path: Path
) -> None:
    with closing(Home.open(Settings())) as home:
        fill(home)
        back_up(home, tmp_path / "backup")
        with home.database.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if "SAMSPIL_DATABASE_URL" not in env:
        assert restoring.restore(Settings(), tmp_path / "backup", replace=True)
        Home.open(Settings()).close()
        return
    with pytest.raises(DatabaseTooNew):
        restoring.restore(Settings(), tmp_path / "backup", replace=True)
    with pytest.raises(DatabaseTooNew):  # and not that a backup is being put back
        Home.open(Settings())


def test_nothing_is_put_back_beside_a_worker(backed_up: Path) -> None:
    with closing(Home.open(Settings())) as home, home.transaction() as tx:
        report_worker(tx, "w")
    with pytest.raises(StillRunning):
        restoring.restore(Settings(), backed_up, replace=True)


def test_a_changed_log_of_deletions_stops_it_before_anything_is_touched(
    two: tuple[RecordingId, RecordingId], tmp_path: Path
) -> None:
    path = tmp_path / "far" / "deletions"
    path.write_bytes(path.read_bytes().replace(two[0].encode(), two[1].encode()))
    with pytest.raises(ProofBroken):
        restoring.restore(Settings(), tmp_path / "backup", replace=True)
    Home.open(Settings()).close()


def test_a_lost_proof_folder_keeps_everything_closed(
    two: tuple[RecordingId, RecordingId], tmp_path: Path
) -> None:
    (tmp_path / "far").rename(tmp_path / "mislaid")
    with pytest.raises(ProofCut):
        restoring.restore(Settings(), tmp_path / "backup", replace=True)
    with pytest.raises(RestoreUnfinished):
        Home.open(Settings())
    (tmp_path / "mislaid").rename(tmp_path / "far")
    restoring.restore(Settings(), tmp_path / "backup", replace=True)
    check_drill(*two)


def test_a_database_that_cannot_be_read_is_replaced(backed_up: Path, tmp_path: Path) -> None:
    database = tmp_path / "home" / "samspil.db"
    database.write_bytes(b"no database" * 1000)
    restoring.restore(Settings(), backed_up, replace=True)
    with closing(Home.open(Settings())) as home, home.reading() as tx:
        assert tx.session.connection().execute(text("SELECT count(*) FROM recordings")).scalar()
