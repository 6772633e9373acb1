"""The second copy of the key-encryption key: what keeps it, what waits for it, who looks at it."""

from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from pipeline import demo, housekeeping
from pipeline.doctor import examine
from storage import erasure
from storage.erasure import erase
from storage.home import Home
from storage.settings import Settings
from tests.integration.test_housekeeping import NOW, a_key, rotated_at, told


def test_the_kek_has_an_exact_copy_and_the_doctor_looks(tmp_path: Path) -> None:
    alone = Settings(home=tmp_path / "home")
    with closing(Home.open(alone, clock=lambda: NOW)) as home:
        recording = demo.prepare(home).recording
    [unset] = [f for f in examine(alone) if f.line == "no copy of the key-encryption key is kept"]
    assert unset.advice
    assert unset.good, "it is advised, not pressed for"
    settings = alone.model_copy(update={"kek_backup_dir": tmp_path / "third"})
    assert told(settings) == "the copy of the key-encryption key is missing or differs"
    with closing(Home.open(settings, clock=lambda: NOW)) as home:
        housekeeping.keep_keys(home)
        assert told(settings) == ""
        before = (tmp_path / "third" / "kek").read_bytes()
        erase(home, recording)
    after = (tmp_path / "third" / "kek").read_bytes()
    assert after == (tmp_path / "home" / "keys" / "kek").read_bytes()
    assert before not in after, "old keys vanish from the copy too"
    for beside in (
        {"keys_backup_dir": tmp_path / "third"},
        {"kek_backup_dir": alone.home / "keys"},
    ):
        assert "lies beside the keys that it opens" in told(settings.model_copy(update=beside))
    outside = settings.model_copy(update={"key_encryption_key": SecretStr(a_key())})
    assert not any("copy of the key-encryption key" in f.line for f in examine(outside))


def test_a_rotation_waits_for_the_disk_of_the_copy(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", kek_backup_dir=tmp_path / "third")
    with closing(Home.open(settings, clock=lambda: NOW)) as home:
        recording = demo.prepare(home).recording
        kek = (tmp_path / "third" / "kek").rename(tmp_path / "kept")
        (tmp_path / "third").rmdir()
        (tmp_path / "third").write_text("no folder")
        erase(home, recording)
        assert rotated_at(home, recording) is None
        with home.reading() as tx:
            assert erasure.erasure_of(tx, recording).completed_at == NOW
        (tmp_path / "third").unlink()
        (tmp_path / "third").mkdir(mode=0o700)
        kek.rename(tmp_path / "third" / "kek")
        housekeeping.keep_keys(home)
        assert rotated_at(home, recording) == NOW
    assert told(settings) == ""
