"""Copies of the key store: wrapped keys only, never the key-encryption key that opens them.

There is one copy, replaced each time: an older one would keep keys that have been destroyed.
A rotation makes older ones that somebody has kept all the same useless.
"""

import base64
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.errors import BackupDamaged, HomeNotEmpty
from storage.vault.files import PrivateFile, private_folder, sync_folder
from storage.vault.keys import KeyStore, load_rows
from storage.vault.segments import write_all

NAME = "keys.json"


def copy_keys(keys: KeyStore, folder: Path | None, *, unless_since: datetime | None = None) -> None:
    """Put a fresh copy of the key store into a folder, in place of the older one.

    Args:
        keys: What is copied.
        folder: None where the site keeps no copies.
        unless_since: Leave a copy alone that was made after this moment.
    """
    if folder is None or _made_after(folder / NAME, unless_since):
        return
    private_folder(folder)
    fresh = folder / f".{NAME}.{os.getpid()}"
    rows = {
        table: [{name: _written(value) for name, value in row.items()} for row in found]
        for table, found in keys.rows().items()
    }
    fresh.unlink(missing_ok=True)
    with PrivateFile(fresh, "xb") as file:
        write_all(file, json.dumps(rows).encode())
        file.sync()
    fresh.replace(folder / NAME)
    sync_folder(folder)


def put_back_keys(url: str, folder: Path) -> None:
    """Fill an empty key store from a copy.

    Raises:
        HomeNotEmpty: The store has other keys; they are newer than any copy.
        BackupDamaged: There is no copy in the folder, or it cannot be read.
    """
    try:
        untrusted = json.loads((folder / NAME).read_bytes())
        rows = {table: [_parsed(row) for row in found] for table, found in untrusted.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BackupDamaged(NAME) from error
    if not load_rows(url, rows):
        raise HomeNotEmpty


def _made_after(path: Path, moment: datetime | None) -> bool:
    if moment is None or not path.exists():
        return False
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) > moment


def _written(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _parsed(untrusted_row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value, validate=True) if name == "wrapped" else str(value)
        for name, value in untrusted_row.items()
    }
