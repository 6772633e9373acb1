"""What every keeper of key-encryption keys promises: a file, a setting, a service."""

import base64
import os
from contextlib import closing, suppress
from pathlib import Path

import pytest

from consent.model import RecordingId
from storage.home import Home
from storage.settings import Settings
from storage.vault.errors import KekFixed, KekMissing, KeyServiceMissing, TamperedText
from storage.vault.kek import KekEnvironment, KekFile, KekProvider
from storage.vault.keys import KeyStore
from tests.fakes.kms import FakeKms


@pytest.fixture(params=["file", "environment", "service"])
def keks(request: pytest.FixtureRequest, tmp_path: Path) -> KekProvider:
    if request.param == "environment":
        return KekEnvironment(base64.b64encode(os.urandom(32)).decode())
    return FakeKms() if request.param == "service" else KekFile(tmp_path / "secret" / "kek")


class TestKekProvider:
    def test_a_secret_comes_back(self, keks: KekProvider) -> None:
        kek = keks.create()
        assert keks.ids() == [kek]
        wrapped = keks.wrap(b"secret", kek=kek, associated_data=b"bound")
        assert b"secret" not in wrapped
        assert keks.unwrap(wrapped, kek=kek, associated_data=b"bound") == b"secret"

    def test_a_secret_stays_bound_to_what_it_is_for(self, keks: KekProvider) -> None:
        kek = keks.create()
        wrapped = keks.wrap(b"secret", kek=kek, associated_data=b"bound")
        with pytest.raises(TamperedText):
            keks.unwrap(wrapped, kek=kek, associated_data=b"other")
        with pytest.raises(TamperedText):
            keks.unwrap(wrapped[:-1], kek=kek, associated_data=b"bound")

    def test_an_unknown_kek_is_named(self, keks: KekProvider) -> None:
        with pytest.raises(KekMissing, match="nobody"):
            keks.wrap(b"secret", kek="nobody", associated_data=b"")
        with pytest.raises(KekMissing, match="nobody"):
            keks.unwrap(bytes(40), kek="nobody", associated_data=b"")

    def test_a_new_one_is_another_and_comes_first_or_is_up_to_the_operator(
        self, keks: KekProvider
    ) -> None:
        old = keks.create()
        with suppress(KekFixed):
            new = keks.create(other_than=old)
            assert keks.ids() == [new, old]
            assert keks.destroy(old)
            assert keks.destroy(old), "destroying twice is no error"
            with pytest.raises(KekMissing):
                keks.wrap(b"secret", kek=old, associated_data=b"")

    def test_it_keeps_the_keys_of_recordings_through_a_rotation(
        self, keks: KekProvider, tmp_path: Path
    ) -> None:
        recording = RecordingId("recording-1")
        with closing(KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", keks=keks)) as store:
            store.create(recording)
            key = store.data_key(recording)
            with suppress(KekFixed):
                rotated = store.rotate()
                assert keks.ids() == [rotated.kek]
            assert store.data_key(recording) == key


def test_a_site_may_name_its_own_service(tmp_path: Path) -> None:
    recording = RecordingId("recording-1")
    with closing(Home.open(Settings(home=tmp_path, key_service="tests.fakes.kms:FakeKms"))) as home:
        home.keys.create(recording)
        assert len(home.keys.data_key(recording)) == 32
    assert not (tmp_path / "keys" / "kek").exists()


@pytest.mark.parametrize("adapter", ["no_such_module:Kms", "tests.fakes.kms:Nobody", ":", "x"])
def test_a_service_that_is_not_installed_is_named(tmp_path: Path, adapter: str) -> None:
    with pytest.raises(KeyServiceMissing, match=adapter):
        Home.open(Settings(home=tmp_path / "home", key_service=adapter))
