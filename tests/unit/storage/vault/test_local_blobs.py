"""What only a store in a folder has: permissions, a full disk, leftovers of killed processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import pytest

from storage.vault.blobs import INCOMING, BlobStore
from storage.vault.errors import BlobMissing, StoreFull
from storage.vault.files import PrivateFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(folder: Path) -> BlobStore:
    return BlobStore.local(folder)


def test_files_and_folders_belong_to_their_user_alone(
    store: BlobStore, folder: Path, tmp_path: Path
) -> None:
    store.put("r1/source/a", BytesIO(b"x"))
    (tmp_path / "file").write_bytes(b"y")
    (tmp_path / "file").chmod(0o644)
    store.adopt(tmp_path / "file", key="r1/source/b")
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*/")]}
    assert (modes, folders) == ({0o600}, {0o700})


def test_a_full_disk_is_named_and_leaves_nothing(
    store: BlobStore,
    folder: Path,
    file_size_limit: Callable[[int], AbstractContextManager[None]],
) -> None:
    with file_size_limit(1000), pytest.raises(StoreFull):
        store.put("r1/source/a", BytesIO(bytes(5000)))
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_erasing_leaves_no_empty_folder_with_the_recordings_id(
    store: BlobStore, folder: Path
) -> None:
    store.put("r1/source/a", BytesIO(b"x"))
    store.delete("r1/source/a")
    assert not (folder / "r1").exists()


def test_storing_and_deleting_beside_each_other_lose_nothing(store: BlobStore) -> None:
    def put(number: int) -> None:
        store.put(f"r1/source/{number}", BytesIO(b"x"))
        if number % 2:
            store.delete(f"r1/source/{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(200)))
    assert len(list(store.list("r1"))) == 100


def test_sweeping_removes_what_no_process_writes_any_more(store: BlobStore, folder: Path) -> None:
    store.put("r1/source/a", BytesIO(b"x"))
    (folder / INCOMING / "left").write_bytes(b"half")
    with PrivateFile(folder / INCOMING / "held", "xb"):
        assert store.sweep() == 1
        assert [path.name for path in (folder / INCOMING).iterdir()] == ["held"]
    assert [found.key for found in store.list()] == ["r1/source/a"]


@pytest.mark.parametrize("name", ["../outside", "r1/../../outside", "r1", "r1/source/a/b"])
def test_nothing_but_a_blob_can_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").write_bytes(b"not ours")
    store = BlobStore.local(tmp_path / "store")
    store.put("r1/source/a", [b"ours"])
    with pytest.raises(BlobMissing):
        store.read_at(name, 0, 4)
