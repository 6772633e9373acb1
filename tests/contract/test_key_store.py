"""What every key store promises, on SQLite and on PostgreSQL."""

import base64
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import pytest

from consent.model import RecordingId
from storage.records import CourseId
from storage.vault import keys
from storage.vault.errors import (
    KekFixed,
    KekMissing,
    KeyDestroyed,
    KeyMissing,
    RotationOvertaken,
)
from storage.vault.kek import KekEnvironment, KekFile, KekProvider, name_of
from storage.vault.keys import KeyStore, Rotation, SiteKey

ONE, TWO, THREE = (RecordingId(f"recording-{number}") for number in (1, 2, 3))
Opening = Callable[..., KeyStore]
T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty_postgres_url"))
    return f"sqlite:///{tmp_path / 'keys' / 'keys.db'}"


@pytest.fixture
def kek_file(tmp_path: Path) -> KekFile:
    return KekFile(tmp_path / "secret" / "kek")


@pytest.fixture
def opening(url: str, kek_file: KekFile) -> Iterator[Opening]:
    """Give a function that opens the store anew, as another process would."""
    opened: list[KeyStore] = []

    def open_store(keks: KekProvider = kek_file) -> KeyStore:
        opened.append(KeyStore(url, keks=keks))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(opening: Opening) -> KeyStore:
    return opening()


class Killed(BaseException):
    """The process is gone."""


class Dying:
    """A provider whose process dies just before or just after one of its calls."""

    def __init__(self, keks: KekProvider, *, calls: int, after: bool) -> None:
        self._keks = keks
        self._calls_left = calls
        self._after = after

    def ids(self) -> Sequence[str]:
        return self._unless_killed(self._keks.ids)

    def create(self, *, other_than: str | None = None) -> str:
        return self._unless_killed(lambda: self._keks.create(other_than=other_than))

    def destroy(self, kek: str) -> bool:
        return self._unless_killed(lambda: self._keks.destroy(kek))

    def wrap(self, secret: bytes, *, kek: str, associated_data: bytes) -> bytes:
        return self._unless_killed(
            lambda: self._keks.wrap(secret, kek=kek, associated_data=associated_data)
        )

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        return self._unless_killed(
            lambda: self._keks.unwrap(wrapped, kek=kek, associated_data=associated_data)
        )

    def _unless_killed(self, call: Callable[[], T]) -> T:
        self._calls_left -= 1
        if self._calls_left < 0 and not self._after:
            raise Killed
        result = call()
        if self._calls_left < 0:
            raise Killed
        return result


class RotatedMeanwhile(KekFile):
    """A provider that unwraps late: a rotation passes between the reading and the first one."""

    def __init__(self, keks: KekFile, *, rotate: Callable[[], Rotation]) -> None:
        self._keks = keks
        self._rotations = [rotate]

    def ids(self) -> Sequence[str]:
        return self._keks.ids()

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        while self._rotations:
            self._rotations.pop()()
        return self._keks.unwrap(wrapped, kek=kek, associated_data=associated_data)


class TestKeyStore:
    def test_a_recordings_key_stays_the_same(self, store: KeyStore, opening: Opening) -> None:
        store.create(ONE)
        key = store.data_key(ONE)
        assert len(key) == 32
        store.create(ONE)
        assert opening().data_key(ONE) == key

    def test_recordings_have_different_keys(self, store: KeyStore) -> None:
        store.create(ONE)
        store.create(TWO)
        assert store.data_key(ONE) != store.data_key(TWO)

    def test_a_recording_without_a_key_is_named(self, store: KeyStore) -> None:
        with pytest.raises(KeyMissing, match="recording-1"):
            store.data_key(ONE)

    def test_a_destroyed_key_is_gone_and_not_made_again(
        self, store: KeyStore, opening: Opening
    ) -> None:
        store.create(ONE)
        store.create(TWO)
        kept = store.data_key(TWO)
        store.destroy(ONE)
        store.destroy(ONE)
        for each in (store, opening()):
            with pytest.raises(KeyDestroyed, match="recording-1"):
                each.data_key(ONE)
            with pytest.raises(KeyDestroyed):
                each.create(ONE)
            assert each.data_key(TWO) == kept

    def test_a_recording_erased_before_it_had_a_key_never_gets_one(self, store: KeyStore) -> None:
        store.destroy(ONE)
        with pytest.raises(KeyDestroyed):
            store.create(ONE)

    def test_a_courses_key_is_made_once_and_destroyed_for_good(
        self, store: KeyStore, opening: Opening
    ) -> None:
        first, other = CourseId("one"), CourseId("two")
        assert store.course_key(first) == opening().course_key(first)
        assert store.course_key(first) != store.course_key(other)
        kept = store.course_key(other)
        store.destroy_course_key(first)
        for each in (store, opening()):
            with pytest.raises(KeyDestroyed):
                each.course_key(first)
            assert each.course_key(other) == kept

    def test_keys_of_the_installation_are_made_once(
        self, store: KeyStore, opening: Opening
    ) -> None:
        made = {name: store.site_key(name) for name in SiteKey}
        assert len(set(made.values())) == len(SiteKey)
        other = opening()
        assert {name: other.site_key(name) for name in SiteKey} == made

    def test_no_recording_can_take_the_place_of_an_installations_key(self, store: KeyStore) -> None:
        store.create(RecordingId("site:audit"))
        assert store.data_key(RecordingId("site:audit")) != store.site_key(SiteKey.AUDIT)

    def test_the_same_film_has_the_same_fingerprint_here_only(
        self, store: KeyStore, tmp_path: Path
    ) -> None:
        film = os.urandom(3 << 20)
        assert store.fingerprint(film) == store.fingerprint(BytesIO(film))
        assert store.fingerprint(film) != store.fingerprint(film[:-1])
        with closing(
            KeyStore(f"sqlite:///{tmp_path / 'other.db'}", keks=KekFile(tmp_path / "kek2"))
        ) as elsewhere:
            assert store.fingerprint(film) != elsewhere.fingerprint(film)

    def test_rotation_keeps_the_keys_and_destroys_the_old_kek(
        self, store: KeyStore, opening: Opening, kek_file: KekFile
    ) -> None:
        for recording in (ONE, TWO):
            store.create(recording)
        audit = store.site_key(SiteKey.AUDIT)
        before = [store.data_key(recording) for recording in (ONE, TWO)]
        (old,) = kek_file.ids()
        rotation = store.rotate()
        assert kek_file.ids() == [rotation.kek]
        assert rotation.kek != old
        assert rotation.rewrapped == 3
        assert rotation.left_to_operator == ()
        for each in (store, opening()):
            assert [each.data_key(recording) for recording in (ONE, TWO)] == before
            assert each.site_key(SiteKey.AUDIT) == audit
        store.create(THREE)
        assert len(store.data_key(THREE)) == 32

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_a_kill_between_any_two_steps_of_a_rotation_loses_nothing(
        self,
        store: KeyStore,
        opening: Opening,
        kek_file: KekFile,
        monkeypatch: pytest.MonkeyPatch,
        *,
        after: bool,
    ) -> None:
        monkeypatch.setattr(keys, "REWRAPPED_AT_ONCE", 2)
        recordings = [RecordingId(f"r{number}") for number in range(5)]
        for recording in recordings:
            store.create(recording)
        before = [store.data_key(recording) for recording in recordings]
        kills = 0
        while True:
            oldest = kek_file.ids()
            dying = Dying(kek_file, calls=kills, after=after)
            try:
                opening(dying).rotate()
                break
            except Killed:
                kills += 1
            with closing(opening()) as survivor:
                assert [survivor.data_key(each) for each in recordings] == before
        assert kills > 15, "the rotation has many steps to die between"
        assert len(kek_file.ids()) == 1
        assert not set(kek_file.ids()) & set(oldest)

    def test_keys_made_during_rotations_are_not_lost(
        self, opening: Opening, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keys, "REWRAPPED_AT_ONCE", 3)
        rotating, making = opening(), opening()
        recordings = [RecordingId(f"r{number}") for number in range(40)]
        with ThreadPoolExecutor(3) as pool:
            rotations = [pool.submit(rotating.rotate) for _ in range(2)]
            made = list(pool.map(making.create, recordings))
            for rotation in rotations:
                with suppress(RotationOvertaken):
                    rotation.result()
        assert len(made) == 40
        with closing(opening()) as later:
            later.rotate()
            assert len({later.data_key(recording) for recording in recordings}) == 40

    def test_a_setting_rotates_in_the_operators_hands(self, url: str) -> None:
        old, new = os.urandom(32), os.urandom(32)

        def given(*values: bytes) -> KekEnvironment:
            return KekEnvironment(",".join(base64.b64encode(key).decode() for key in values))

        with closing(KeyStore(url, keks=given(old))) as store:
            store.create(ONE)
            key = store.data_key(ONE)
            with pytest.raises(KekFixed):
                store.rotate()
        with closing(KeyStore(url, keks=given(new, old))) as store:
            rotation = store.rotate()
            assert rotation.kek == name_of(new)
            assert rotation.left_to_operator == (name_of(old),)
        with closing(KeyStore(url, keks=given(new))) as store:
            assert store.data_key(ONE) == key

    def test_a_kill_in_an_operators_rotation_is_made_good(self, url: str) -> None:
        old, new = os.urandom(32), os.urandom(32)
        before = KekEnvironment(base64.b64encode(old).decode())
        both = KekEnvironment(f"{base64.b64encode(new).decode()},{base64.b64encode(old).decode()}")
        with closing(KeyStore(url, keks=before)) as store:
            store.create(ONE)
            key = store.data_key(ONE)
        with (
            closing(KeyStore(url, keks=Dying(both, calls=4, after=False))) as store,
            pytest.raises(Killed),
        ):
            store.rotate()
        with closing(KeyStore(url, keks=both)) as store:
            assert store.rotate() == Rotation(name_of(new), 1, (name_of(old),))
        with closing(KeyStore(url, keks=KekEnvironment(base64.b64encode(new).decode()))) as store:
            assert store.data_key(ONE) == key

    def test_a_key_can_be_read_while_a_rotation_passes(
        self, store: KeyStore, opening: Opening, kek_file: KekFile
    ) -> None:
        store.create(ONE)
        key = store.data_key(ONE)
        reader = opening(RotatedMeanwhile(kek_file, rotate=store.rotate))
        assert reader.data_key(ONE) == key

    def test_a_store_whose_kek_is_not_mounted_says_so_and_makes_no_other(
        self, store: KeyStore, opening: Opening, tmp_path: Path
    ) -> None:
        store.create(ONE)
        absent = KekFile(tmp_path / "not mounted" / "kek")
        with pytest.raises(KekMissing):
            opening(absent)
        assert absent.ids() == []

    def test_many_processes_may_start_at_once(self, opening: Opening) -> None:
        with ThreadPoolExecutor(4) as pool:
            stores = list(pool.map(lambda _: opening(), range(4)))
            audit = set(pool.map(lambda store: store.site_key(SiteKey.AUDIT), stores))
        assert len(audit) == 1


def test_nothing_of_a_destroyed_key_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.db"
    with closing(KeyStore(f"sqlite:///{path}", keks=KekFile(tmp_path / "kek"))) as store:
        for recording in (ONE, TWO):
            store.create(recording)
        with closing(sqlite3.connect(path)) as connection:
            query = "SELECT wrapped FROM wrapped_key WHERE name = 'recording:recording-1'"
            (wrapped,) = connection.execute(query).fetchone()
        store.destroy(ONE)
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o777 == 0o600
            assert wrapped not in file.read_bytes()
    assert path.parent.stat().st_mode & 0o777 == 0o700
