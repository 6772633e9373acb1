"""``samspil backup`` and ``samspil restore``: without keys, and without what was erased."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.bootstrap import open_home
from pipeline.doctor import index_anew
from pipeline.words import errors_in_words
from storage.backup import back_up
from storage.restoring import restore as put_back
from storage.settings import Settings
from storage.vault.key_copies import copy_keys

_MIB = 1024 * 1024
console = Console()


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the backup.")],
) -> None:
    """Back up rows and ciphertext, while Samspil runs. Keys are never in it."""
    with errors_in_words(), closing(open_home()) as home:
        made = back_up(home, folder)
        copy_keys(home.keys, home.settings.keys_backup_dir)
    size = sum(each.size for each in made.files)
    console.print(f"{folder}: {len(made.files)} files, {size / _MIB:.1f} MiB", soft_wrap=True)
    if home.settings.keys_backup_dir is None:
        console.print(
            "The keys are not in it, and no copy of them is kept: set SAMSPIL_KEYS_BACKUP_DIR.",
            soft_wrap=True,
        )
    console.print("The key-encryption key and the proof folder are not in it either: keep both.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of the backup.")],
    *,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of a copy of the key store, if the store is lost.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="What is here now may be replaced.")
    ] = False,
) -> None:
    """Put back a backup, then erase again what was erased since. Stop Samspil first."""
    with errors_in_words():
        settings = Settings()
        done = put_back(settings, folder, keys=keys, replace=replace)
        with closing(open_home(settings)) as home:
            indexed = index_anew(home)
    console.print(
        f"Put back the backup of {done.manifest.made_at:%Y-%m-%d %H:%M}. "
        f"Erased again: {done.erased_again}. Indexed for search: {indexed}.",
        soft_wrap=True,
    )
