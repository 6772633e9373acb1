"""The vault as its users see it."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from consent.model import RecordingId
from storage.records import BlobRole, UploadId
from storage.vault import Vault
from storage.vault.blobs import BlobStore
from storage.vault.errors import (
    BlobMissing,
    KeyDestroyed,
    KeyMissing,
    StoreFull,
    TamperedBlob,
    UploadIncomplete,
    UploadMissing,
    VaultError,
)
from storage.vault.kek import KekFile
from storage.vault.keys import KeyStore

ONE, TWO = RecordingId("recording-1"), RecordingId("recording-2")
UPLOAD = UploadId("upload-1")
WORDS = b"an impossible word: kvaldrumpesnirkel " * 20_000


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    store = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", keks=KekFile(tmp_path / "kek"))
    store.create(ONE)
    store.create(TWO)
    yield store
    store.close()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore.local(tmp_path / "blobs")


@pytest.fixture
def vault(tmp_path: Path, keys: KeyStore, blobs: BlobStore) -> Vault:
    return Vault(blobs, keys=keys, spool=tmp_path / "spool")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def put(vault: Vault, content: bytes, *, recording: RecordingId = ONE) -> str:
    deposit = vault.put(recording, role=BlobRole.AUDIO)
    with deposit as writer:
        writer.write(content)
    return deposit.ref.key


def test_what_was_put_is_read_anywhere(vault: Vault) -> None:
    with vault.open(ONE, key=put(vault, WORDS), role=BlobRole.AUDIO) as reader:
        assert reader.size == len(WORDS)
        assert reader.read(10) == WORDS[:10]
        assert reader.pread(500_000, 100) == WORDS[500_000:500_100]
        assert reader.read(10) == WORDS[10:20]
        reader.seek(-5, io.SEEK_END)
        assert reader.read() == WORDS[-5:]


def test_a_seekable_deposit_can_be_patched(vault: Vault) -> None:
    deposit = vault.put_seekable(ONE, role=BlobRole.PROXY)
    with deposit as writer:
        writer.write(WORDS)
        writer.seek(0)
        writer.write(b"AN")
    with vault.open(ONE, key=deposit.ref.key, role=BlobRole.PROXY) as reader:
        assert reader.read() == b"AN" + WORDS[2:]


def test_no_plaintext_lies_on_disk_at_any_moment(vault: Vault, tmp_path: Path) -> None:
    def nothing_spoken() -> bool:
        return not any(b"kvaldrumpe" in path.read_bytes() for path in files_in(tmp_path))

    with vault.put(ONE, role=BlobRole.AUDIO) as writer:
        writer.write(WORDS)
        assert nothing_spoken()
    with vault.put_seekable(ONE, role=BlobRole.PROXY) as seekable:
        seekable.write(WORDS)
        assert nothing_spoken()
    with vault.begin_upload(ONE, upload=UPLOAD, length=len(WORDS)) as upload:
        upload.append(WORDS[:600_000])
        assert nothing_spoken()
    assert len(files_in(tmp_path)) > 3
    assert nothing_spoken()


def test_a_failed_attempt_leaves_no_trace(vault: Vault, tmp_path: Path) -> None:
    deposit = vault.put(ONE, role=BlobRole.AUDIO)

    def fail() -> None:
        with deposit as writer:
            writer.write(WORDS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with pytest.raises(VaultError, match="not published"):
        _ = deposit.ref
    assert files_in(tmp_path / "blobs") + files_in(tmp_path / "spool") == []


def test_an_abandoned_deposit_is_not_published(vault: Vault, tmp_path: Path) -> None:
    deposit = vault.put(ONE, role=BlobRole.AUDIO)
    with deposit as writer:
        writer.write(WORDS)
        writer.abandon()
    with pytest.raises(VaultError, match="not published"):
        _ = deposit.ref
    assert files_in(tmp_path / "blobs") + files_in(tmp_path / "spool") == []


def test_a_writer_closed_early_is_published_all_the_same(vault: Vault) -> None:
    deposit = vault.put(ONE, role=BlobRole.AUDIO)
    with deposit as writer, io.BufferedWriter(writer) as buffered:
        buffered.write(WORDS)
    with vault.open(ONE, key=deposit.ref.key, role=BlobRole.AUDIO) as reader:
        assert reader.read() == WORDS


def test_two_attempts_never_share_a_name(vault: Vault) -> None:
    assert put(vault, b"same") != put(vault, b"same")


def test_a_full_disk_is_named_and_leaves_no_trace(
    vault: Vault,
    tmp_path: Path,
    file_size_limit: Callable[[int], AbstractContextManager[None]],
) -> None:
    with file_size_limit(300_000), pytest.raises(StoreFull):
        put(vault, WORDS)
    assert files_in(tmp_path / "spool") == []


def test_a_file_opens_for_its_own_recording_and_role_only(vault: Vault, blobs: BlobStore) -> None:
    key = put(vault, WORDS)
    with pytest.raises(TamperedBlob):
        vault.open(ONE, key=key, role=BlobRole.PROXY)
    with pytest.raises(VaultError, match="not of recording"):
        vault.open(TWO, key=key, role=BlobRole.AUDIO)
    content = bytes(blobs.read_at(key, 0, 1 << 30))
    blobs.put("recording-2/audio/stolen", io.BytesIO(content))
    with pytest.raises(TamperedBlob):
        vault.open(TWO, key="recording-2/audio/stolen", role=BlobRole.AUDIO)


def test_a_missing_file_is_named(vault: Vault) -> None:
    with pytest.raises(BlobMissing):
        vault.open(ONE, key="recording-1/audio/none", role=BlobRole.AUDIO)


def test_a_recording_needs_a_key_first(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing), vault.put(RecordingId("new"), role=BlobRole.AUDIO):
        pass
    assert files_in(tmp_path / "spool") == []


def test_after_erasure_nothing_is_left_and_nothing_comes_back(vault: Vault, tmp_path: Path) -> None:
    key, forgotten = put(vault, WORDS), put(vault, WORDS)
    others = put(vault, b"of the other", recording=TWO)
    with vault.begin_upload(ONE, upload=UPLOAD, length=10) as upload:
        upload.append(b"01234")
    vault.erase(ONE, keys=[key])
    vault.erase(ONE, keys=[key, forgotten])
    assert [path.name for path in files_in(tmp_path / "blobs")] == [Path(others).name]
    assert files_in(tmp_path / "spool") == []
    with pytest.raises(KeyDestroyed):
        vault.open(ONE, key=key, role=BlobRole.AUDIO)
    with pytest.raises(KeyDestroyed):
        put(vault, WORDS)
    with pytest.raises(KeyDestroyed):
        vault.begin_upload(ONE, upload=UPLOAD, length=10)
    with vault.open(TWO, key=others, role=BlobRole.AUDIO) as reader:
        assert reader.read() == b"of the other"


def test_what_is_being_written_when_somebody_withdraws_is_not_published(
    vault: Vault, tmp_path: Path
) -> None:
    def write_on() -> None:
        with vault.put(ONE, role=BlobRole.AUDIO) as writer:
            writer.write(WORDS)
            vault.erase(ONE)

    with pytest.raises(KeyDestroyed):
        write_on()
    assert files_in(tmp_path / "blobs") + files_in(tmp_path / "spool") == []


def test_erasing_one_recording_cannot_name_anothers_blob(vault: Vault) -> None:
    others = put(vault, WORDS, recording=TWO)
    with pytest.raises(VaultError, match="not of recording"):
        vault.erase(ONE, keys=[others])
    vault.keys.data_key(ONE)


def test_an_upload_becomes_the_recordings_source(vault: Vault, tmp_path: Path) -> None:
    content = os.urandom(900_000)
    with vault.begin_upload(ONE, upload=UPLOAD, length=len(content)) as upload:
        upload.append(content[:500_000])
    with pytest.raises(UploadIncomplete):
        vault.finish_upload(ONE, upload=UPLOAD, length=len(content))
    with vault.resume_upload(ONE, upload=UPLOAD, length=len(content)) as upload:
        upload.append(content[upload.offset :])
    ref = vault.finish_upload(ONE, upload=UPLOAD, length=len(content))
    assert vault.finish_upload(ONE, upload=UPLOAD, length=len(content)) == ref
    with vault.open(ONE, key=ref.key, role=BlobRole.SOURCE) as reader:
        assert reader.read() == content
    assert files_in(tmp_path / "spool") == []


def test_a_forgotten_upload_is_gone(vault: Vault) -> None:
    vault.begin_upload(ONE, upload=UPLOAD, length=10).close()
    vault.forget_upload(ONE, upload=UPLOAD)
    vault.forget_upload(ONE, upload=UPLOAD)
    with pytest.raises(UploadMissing):
        vault.resume_upload(ONE, upload=UPLOAD, length=10)
    with pytest.raises(UploadMissing):
        vault.finish_upload(ONE, upload=UPLOAD, length=10)


def test_sweeping_spares_uploads_and_live_attempts(vault: Vault, tmp_path: Path) -> None:
    vault.begin_upload(ONE, upload=UPLOAD, length=10).close()
    (tmp_path / "spool" / "attempts" / "left-by-a-killed-process").write_bytes(b"half")
    with vault.put(ONE, role=BlobRole.AUDIO) as writer:
        assert vault.sweep() == 1
        writer.write(b"alive")
    vault.resume_upload(ONE, upload=UPLOAD, length=10).close()


@pytest.mark.parametrize("untrusted", ["../up", "a/b", "", "a b"])
def test_an_id_that_leads_elsewhere_is_refused(vault: Vault, untrusted: str) -> None:
    with pytest.raises(VaultError, match="letters"):
        vault.begin_upload(ONE, upload=UploadId(untrusted), length=1)
    with pytest.raises(VaultError, match="letters"):
        vault.erase(RecordingId(untrusted))
