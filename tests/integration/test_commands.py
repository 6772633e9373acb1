"""The commands, as typed: what they say, how they end, how they go on after a kill."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from consent.errors import ConsentMissing
from consent.model import Event, RecordingId
from pipeline import cli, demo
from pipeline.engines import disk
from storage import consent_ledger
from storage.home import Home
from storage.records import Stage, StageState
from storage.settings import Settings
from storage.tables import RecordingRow, TranscriptRow
from tests.faults import flow
from tests.faults.conftest import env, site, workers
from tests.faults.in_process import children_here

__all__ = ["env", "site", "workers"]


@pytest.fixture(autouse=True)
def short_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the demonstration be short, and the terminal wide."""
    film = flow.sample(tmp_path, seconds=3)
    monkeypatch.setattr(cli, "SAMPLE", film)
    monkeypatch.setenv("COLUMNS", "200")
    return film


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def said(result: Result) -> str:
    return re.sub(r"\s+", " ", result.output)


def one_recording(home: Home) -> RecordingId:
    with home.reading() as tx:
        [row] = tx.session.exec(select(RecordingRow)).all()
    return RecordingId(row.id)


def texts(home: Home) -> int:
    with home.reading() as tx:
        return len(tx.session.exec(select(TranscriptRow)).all())


def test_the_demonstration_run_twice_does_nothing_twice(site: Home) -> None:
    with children_here():
        first = run("demo", "--no-serve")
        assert first.exit_code == 0, first.output
        recording = one_recording(site)
        moments = flow.moments_of(site, recording)
        assert set(moments) == set(Stage)
        second = run("demo", "--no-serve")
    assert second.exit_code == 0, second.output
    assert one_recording(site) == recording
    assert flow.moments_of(site, recording) == moments
    assert texts(site) == 1


@pytest.mark.slow
def test_the_demonstration_killed_in_the_middle_goes_on(
    env: dict[str, str], site: Home, short_sample: Path
) -> None:
    killed = flow.begin(_demonstrate, env, str(short_sample))
    flow.wait_for(lambda: _is_running(site, Stage.AUDIO))
    killed.kill()
    before = flow.moments_of(site, one_recording(site))
    result = run("demo", "--no-serve")
    assert result.exit_code == 0, result.output
    recording = one_recording(site)
    after = flow.moments_of(site, recording)
    assert {stage: after[stage] for stage in before} == before
    assert flow.all_done(site, recording)
    assert texts(site) == 1


def _demonstrate(film: str) -> None:
    cli.SAMPLE = Path(film)
    cli.app(["demo", "--no-serve"])


def _is_running(home: Home, stage: Stage) -> bool:
    with home.reading() as tx:
        ids = [row.id for row in tx.session.exec(select(RecordingRow))]
    return any(stage in flow.runs_of(home, RecordingId(id_)) for id_ in ids)


def ingest(film: Path, *more: str) -> Result:
    return run("ingest", str(film), "--youth-born", "2011-03-08", *more)


def test_a_film_without_consent_is_locked_until_everyone_has_answered(
    site: Home, short_sample: Path
) -> None:
    demo.prepare(site)
    with site.reading() as tx:
        known = {row.id for row in tx.session.exec(select(RecordingRow))}
    result = ingest(short_sample)
    assert result.exit_code == 3
    assert "youth: has not been asked" in said(result)
    assert "custody holder: has not been asked" in said(result)
    assert "answers in the app (Consent)" in said(result)
    with site.reading() as tx:
        [new] = [r.id for r in tx.session.exec(select(RecordingRow)) if r.id not in known]
    recording = RecordingId(new)
    with site.reading() as tx, pytest.raises(ConsentMissing):
        consent_ledger.permit(tx, recording)
    assert run("process", recording).exit_code == 3
    flow.answer(site, recording, Event.GIVEN)
    with children_here():
        result = run("process", recording)
    assert result.exit_code == 0, result.output
    assert flow.all_done(site, recording)


def test_a_bad_file_is_refused_in_a_sentence_and_can_be_tried_again(
    site: Home, tmp_path: Path
) -> None:
    demo.prepare(site)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"no film at all\n" * 1000)
    with children_here():
        result = ingest(film, "--agreed")
        assert result.exit_code == 1
        assert "probe stopped. This is not a film or a sound recording." in said(result)
        again = re.search(r"samspil process (\S+)", result.output)
        assert again
        assert run("process", again[1]).exit_code == 1
    runs = flow.runs_of(site, RecordingId(again[1]))
    assert runs[Stage.INGEST].state is StageState.DONE
    assert runs[Stage.PROBE].error == "not_media"


def test_after_a_full_disk_the_work_goes_on_by_itself(
    site: Home, short_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.worker import Worker  # noqa: PLC0415 - heavy

    demo.prepare(site)
    room = {"needed": 2**70}
    monkeypatch.setattr(disk.check_free_space, "__kwdefaults__", {"reserve_bytes": room["needed"]})
    with children_here():
        result = ingest(short_sample, "--agreed")
        assert result.exit_code == 1
        assert "There is not enough free disk space for this work. Free disk" in said(result)
        found = re.search(r"samspil process (\S+)", result.output)
        assert found
        monkeypatch.setattr(disk.check_free_space, "__kwdefaults__", {"reserve_bytes": 0})
        worker = Worker(site, tidy_s=0.2)
        worker.start()
        try:
            flow.wait_for(lambda: flow.all_done(site, RecordingId(found[1])))
        finally:
            worker.stop()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ingest", "/nowhere/film.mp4", "--agreed"), "There is no such file. Check the path."),
        (("process", "nothing"), "There is nothing here."),
        (("ingest", "film", "--caseworker", "nobody"), "name the caseworker"),
        (("ingest", "film", "--youth-born", "yesterday"), "valid datetime"),
        (("ingest", "film", "--youth-born", "2999-01-01"), "lies in the future"),
        (("ingest", "film", "--recorded-at", "2999-01-01"), "lies in the future"),
        (("ingest", "film", "--custody-holders", "-1"), "custody"),
    ],
)
def test_what_is_asked_wrongly_is_answered_plainly(
    site: Home, words: tuple[str, ...], sentence: str
) -> None:
    demo.prepare(site)
    result = run(*words)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert sentence in said(result)


def damage_database(home: Path) -> None:
    path = home / "samspil.db"
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    path.write_bytes(content)


def lose_key(home: Path) -> None:
    (home / "keys" / "kek").unlink()


def damage_queue(home: Path) -> None:
    for ending in ("-wal", "-shm"):
        (home / f"jobs.db{ending}").unlink(missing_ok=True)
    (home / "jobs.db").write_bytes(b"no database, by any means" * 400)


DAMAGES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "page": (damage_database, "The database file is damaged", "database is damaged"),
    "key": (lose_key, "Mount the key-encryption key", "Mount the key-encryption key"),
    "queue": (damage_queue, "The database file is damaged", "work queue is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named_with_advice_by_command_and_doctor(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMSPIL_HOME", str(folder))
        home = Home.open(Settings())
        demo.prepare(home)
        home.close()
        harm, by_command, by_doctor = DAMAGES[damage]
        harm(folder)
        result = run("demo", "--no-serve")
        assert result.exit_code == 1
        assert by_command in said(result)
        assert "Traceback" not in result.output
        examined = run("doctor")
    assert examined.exit_code == 1
    assert by_doctor in said(examined)


def test_the_doctor_finds_a_sound_home_in_order(site: Home) -> None:
    demo.prepare(site)
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for line in ("database is whole", "its keys open", "free disk space", "ffmpeg:", "workers al"):
        assert line in said(result)


def write_profile(folder: Path, **changes: str) -> None:
    """Copy the Danish profile to a site's own folder, with some words in it changed."""
    folder.mkdir(exist_ok=True)
    shipped = files("consent").joinpath("jurisdictions", "DK-2024.toml")
    text = shipped.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "ours.toml").write_text(text, encoding="utf-8")


def test_the_doctor_says_which_rules_are_in_force(
    site: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.prepare(site)
    assert "profile DK: in force since 2024-01-01, as shipped" in said(run("doctor"))
    write_profile(tmp_path / "rules", in_force_from="in_force_from")
    monkeypatch.setenv("SAMSPIL_JURISDICTIONS_DIR", str(tmp_path / "rules"))
    assert "profile DK: in force since 2024-01-01, the site's own" in said(run("doctor"))
    monkeypatch.setenv("SAMSPIL_JURISDICTION", "NO")
    result = run("doctor")
    assert result.exit_code == 1
    assert "no jurisdiction profile NO is in force" in said(result)


def test_a_mistake_in_the_sites_own_rules_is_named_by_file_and_field(
    site: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.prepare(site)
    write_profile(tmp_path / "rules", majority_age="majority_aeg")
    monkeypatch.setenv("SAMSPIL_JURISDICTIONS_DIR", str(tmp_path / "rules"))
    for command in ("doctor", "status"):
        result = run(command)
        assert result.exit_code == 1
        assert "ours.toml: majority_aeg: there is no such field" in said(result)
        assert "Traceback" not in result.output


def test_the_doctor_makes_a_damaged_search_index_anew(
    env: dict[str, str], short_sample: Path
) -> None:
    folder = Path(env["SAMSPIL_HOME"])
    home = Home.open(Settings())
    recording = flow.take_in(home, short_sample)
    home.close()
    with children_here():
        assert run("process", recording).exit_code == 0
    for ending in ("-wal", "-shm"):
        (folder / f"search.db{ending}").unlink(missing_ok=True)
    (folder / "search.db").write_bytes(b"\xff" * 9000)
    found = run("doctor")
    assert found.exit_code == 1
    assert "Make it anew: samspil doctor --repair" in said(found)
    repaired = run("doctor", "--repair")
    assert repaired.exit_code == 0, repaired.output
    assert "made anew from 1 recordings" in said(repaired)
    assert run("doctor").exit_code == 0


def test_status_lists_recordings_by_id_and_state(site: Home) -> None:
    shown = demo.prepare(site)
    result = run("status")
    assert result.exit_code == 0
    assert shown.recording[:8] in result.output
    assert not any(person.name in result.output for person in shown.people)
