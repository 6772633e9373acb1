"""Where key-encryption keys live."""

import base64
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from storage.vault import kek as kek_file
from storage.vault.errors import (
    KekCopyUnwritable,
    KekElsewhere,
    KekFixed,
    KekInvalid,
    StoreFull,
)
from storage.vault.kek import KekEnvironment, KekFile, name_of


def setting(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


class Killed(BaseException):
    """The process is gone."""


def test_the_file_is_made_on_first_use_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret" / "kek"
    keks = KekFile(path)
    assert keks.ids() == []
    keks.create()
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["kek"]


def test_the_newest_comes_first_and_a_destroyed_one_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "secret" / "kek"
    keks = KekFile(path)
    old = keks.create()
    before = path.open("rb")
    new = keks.create(other_than=old)
    assert KekFile(path).ids() == [new, old]
    assert keks.destroy(old)
    assert keks.destroy(old), "destroying twice is no error"
    assert KekFile(path).ids() == [new]
    with before:
        assert set(before.read()) == {0}, "the old file's own bytes are gone too"


@pytest.mark.parametrize("linked", [True, False], ids=["before renaming", "after renaming"])
def test_a_kill_while_the_file_is_replaced_loses_no_live_key(
    tmp_path: Path, *, linked: bool
) -> None:
    path = tmp_path / "secret" / "kek"
    keks = KekFile(path)
    kek = keks.create()
    leftover = path.with_name("kek.old")
    if linked:
        os.link(path, leftover)
    else:
        leftover.write_text(setting(os.urandom(32)))
    path.with_name("kek.new").write_text("half a li")
    new = keks.create()
    assert keks.ids() == [new, kek]
    assert [entry.name for entry in path.parent.iterdir()] == ["kek"]


def test_a_full_disk_leaves_the_live_key_in_place(
    tmp_path: Path, file_size_limit: Callable[[int], AbstractContextManager[None]]
) -> None:
    path = tmp_path / "secret" / "kek"
    keks = KekFile(path)
    kek = keks.create()
    os.link(path, path.with_name("kek.old"))  # as a kill before renaming leaves it
    with file_size_limit(50), pytest.raises(StoreFull):
        keks.create()
    assert keks.ids() == [kek]


class TestCopy:
    """The second copy: exact, and never the only one that is written over."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "secret" / "kek"

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        return tmp_path / "other disk" / "kek"

    def test_it_follows_and_what_is_destroyed_is_gone_from_it(self, path: Path, copy: Path) -> None:
        keks = KekFile(path, copy=copy)
        assert not keks.copy_is_exact()
        old = keks.create()
        before = copy.open("rb")
        new = keks.create()
        assert KekFile(copy).ids() == [new, old]
        keks.destroy(old)
        assert keks.copy_is_exact()
        assert KekFile(copy).ids() == [new]
        assert copy.stat().st_mode & 0o777 == 0o400
        assert [entry.name for entry in copy.parent.iterdir()] == ["kek"]
        with before:
            assert set(before.read()) == {0}, "the old copy's own bytes are gone too"

    @pytest.mark.parametrize("written", [0, 1])
    @pytest.mark.parametrize("step", ["create", "destroy"])
    def test_a_kill_between_the_two_writes_leaves_two_that_open(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, written: int
    ) -> None:
        path, copy = tmp_path / "kek", tmp_path / "other disk" / "kek"
        keks = KekFile(path, copy=copy)
        old = keks.create()
        in_use = old if step == "create" else keks.create()
        wrapped = keks.wrap(b"secret", kek=in_use, associated_data=b"")
        replace, left = kek_file._replace, [None] * written

        def dying(where: Path, keys: list[bytes]) -> None:
            if not left:
                raise Killed
            left.pop()
            replace(where, keys)

        with monkeypatch.context() as patch:
            patch.setattr(kek_file, "_replace", dying)
            with pytest.raises(Killed):
                keks.create() if step == "create" else keks.destroy(old)
        for place in (path, copy):
            found = KekFile(place).unwrap(wrapped, kek=in_use, associated_data=b"")
            assert found == b"secret"
        if step == "destroy":
            keks.destroy(old)
            assert old not in KekFile(copy).ids()
        keks.keep_copy()
        assert keks.copy_is_exact()

    def test_one_that_is_missing_stale_or_open_to_others_is_made_anew(
        self, path: Path, copy: Path
    ) -> None:
        KekFile(path).create()
        keks = KekFile(path, copy=copy)
        keks.keep_copy()
        assert keks.copy_is_exact()
        copy.chmod(0o644)
        assert not keks.copy_is_exact()
        keks.keep_copy()
        KekFile(path).create()
        assert not keks.copy_is_exact()
        keks.keep_copy()
        assert keks.copy_is_exact()

    def test_the_last_one_is_never_written_over(self, path: Path, copy: Path) -> None:
        only = KekFile(path, copy=copy).create()
        path.unlink()
        keks = KekFile(path, copy=copy)
        with pytest.raises(KekElsewhere):
            keks.create()
        keks.keep_copy()
        assert KekFile(copy).ids() == [only]
        keks.take_from_copy()
        assert keks.ids() == [only]
        new = keks.create()
        keks.take_from_copy()
        assert keks.ids() == [new, only], "what is here is newer than any copy"

    def test_no_key_is_made_or_destroyed_that_the_copy_cannot_follow(
        self, path: Path, copy: Path
    ) -> None:
        keks = KekFile(path, copy=copy)
        old = keks.create()
        shutil.rmtree(copy.parent)
        copy.parent.write_text("a file where the disk should be")
        for change in (keks.create, lambda: keks.destroy(old), keks.keep_copy):
            with pytest.raises(KekCopyUnwritable):
                change()
        assert keks.ids() == [old]

    def test_without_one_nothing_is_copied(self, path: Path) -> None:
        keks = KekFile(path)
        keks.create()
        keks.keep_copy()
        keks.take_from_copy()
        assert not keks.copy_is_exact()


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kek"
    path.write_text(setting(os.urandom(32)))
    path.chmod(0o640)
    with pytest.raises(KekInvalid, match="other users"):
        KekFile(path).ids()


@pytest.mark.parametrize("value", ["", " , ", "no base64!", setting(bytes(31)), "ærø"])
def test_a_setting_that_is_no_key_is_refused(value: str) -> None:
    with pytest.raises(KekInvalid):
        KekEnvironment(value)


def test_the_operator_gives_a_newer_key_or_is_asked_to() -> None:
    old, new = os.urandom(32), os.urandom(32)
    alone = KekEnvironment(setting(old))
    with pytest.raises(KekFixed):
        alone.create(other_than=name_of(old))
    both = KekEnvironment(setting(new, old))
    assert both.create(other_than=name_of(old)) == name_of(new)
    assert not both.destroy(name_of(old)), "only the operator can"
    assert KekEnvironment(setting(new)).destroy(name_of(old))
