"""Examining a home and its machine: what is well, and what needs doing. Opens nothing to read."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consent.errors import ConsentError, JurisdictionInvalid
from pipeline.children.diarizer import chosen_diarizer
from pipeline.children.escape import open_doors
from pipeline.engines.catalogue import check_model_dir
from pipeline.engines.disk import RESERVE_BYTES
from pipeline.engines.ffmpeg_command import find_program
from pipeline.engines.swap import swap_in_the_clear
from pipeline.errors import PipelineError
from pipeline.rehearsal import MODEL_DIR
from pipeline.stages.index import put_in_index
from pipeline.words import error_in_words
from storage import anchors, consent_ledger, courses, jurisdictions, recordings, requests, workers
from storage.database import is_sound
from storage.erasure import outstanding_rotations
from storage.errors import NotFound, StorageError
from storage.home import Home, keks_of
from storage.search import discard
from storage.settings import Settings
from storage.vault.kek import KekFile

_ALIVE_S = 5.0
_GIB = 1024**3
_LITTLE_ROOM = 4 * RESERVE_BYTES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        advice: What needs doing, or would be better done; empty if nothing.
        pressing: All is not well until it is done.
    """

    line: str
    advice: str = ""
    pressing: bool = True

    @property
    def good(self) -> bool:
        """Return whether nothing needs doing."""
        return not (self.advice and self.pressing)


def examine(settings: Settings, *, repair: bool = False) -> tuple[Finding, ...]:
    """Look at everything that processing needs, from the disk up to the workers."""
    return tuple(_examined(settings, repair=repair))


def _examined(settings: Settings, *, repair: bool) -> Iterator[Finding]:
    yield from _databases(settings)
    damaged_index = not is_sound(settings.search())
    if damaged_index and repair:
        discard(settings)
    try:
        home = Home.open(settings)
    except JurisdictionInvalid as error:
        yield Finding("jurisdiction profiles are unfit", error_in_words(error))
    except StorageError as error:
        if not damaged_index:
            yield Finding(f"home {settings.home} does not open", error_in_words(error))
    else:
        try:
            yield Finding(f"home {settings.home} can be written to, and its keys open")
            damaged_index = damaged_index or not home.search.is_sound()
            yield from _profiles(home)
            yield from _contents(home)
            yield from _keys_of_erased(home)
            if repair and damaged_index:
                count = index_anew(home)
                damaged_index = False
                yield Finding(f"search index was made anew from {count} recordings")
        finally:
            home.close()
    if damaged_index:
        yield Finding("search index is damaged", "Make it anew: samspil doctor --repair")
    yield from _kept_apart(settings)
    yield from _copy_of_kek(settings)
    yield _swap()
    yield _confinement()
    yield _free_space(settings)
    yield _tried("ffmpeg", lambda: find_program().version)
    yield _tried(f"speech model {settings.model}", lambda: _check_model(settings))
    yield _tried("what tells voices apart", lambda: chosen_diarizer(settings).name)


def _databases(settings: Settings) -> Iterator[Finding]:
    for name, url in (
        ("database", settings.database()),
        ("key store", settings.keys()),
        ("work queue", settings.jobs()),
    ):
        if is_sound(url):
            yield Finding(f"{name} is whole")
        else:
            yield Finding(f"{name} is damaged", _restore(name))


def _restore(name: str) -> str:
    if name == "work queue":
        return "Stop Samspil, move jobs.db away and start again: open work begins anew."
    return "Stop Samspil and put back the home from your latest backup."


def _contents(home: Home) -> Iterator[Finding]:
    with home.reading() as tx:
        alive = workers.live_workers(tx, within_s=_ALIVE_S)
        waiting = requests.waiting(tx)
        try:
            checked = anchors.verify(tx, home.proof)
            yield Finding(
                f"audit log is unbroken: {checked.entries} entries, {checked.anchors} anchors fit"
            )
        except StorageError as error:
            yield Finding("audit log is broken", error_in_words(error))
    yield Finding(
        f"workers alive: {len(alive)}, requests waiting: {len(waiting)}",
        "Start a worker: samspil worker" if waiting and not alive else "",
    )


def _profiles(home: Home) -> Iterator[Finding]:
    """Say by which rules recordings are used: the site's choice, and those of recordings here."""
    with home.reading() as tx:
        codes = {home.settings.jurisdiction, *recordings.jurisdictions_in_use(tx)}
        for code in sorted(codes):
            try:
                profile = jurisdictions.jurisdiction(tx, code)
            except NotFound:
                yield Finding(
                    f"no jurisdiction profile {code} is in force",
                    "Write one in the folder named by SAMSPIL_JURISDICTIONS_DIR, "
                    "or choose another with SAMSPIL_JURISDICTION.",
                )
            else:
                whose = "the site's own" if profile in home.profiles.own else "as shipped"
                yield Finding(
                    f"jurisdiction profile {code}: in force since {profile.in_force_from}, {whose}"
                )


def _keys_of_erased(home: Home) -> Iterator[Finding]:
    """Say whether old copies of the key store could still open what is erased."""
    with home.reading() as tx:
        outstanding = outstanding_rotations(tx)
    if outstanding and home.settings.rotate_on_withdrawal:
        yield Finding(
            f"{len(outstanding)} erased recordings could be opened with an old copy of the keys",
            "Put a new key first in SAMSPIL_KEY_ENCRYPTION_KEY and the old one second, separated "
            "by a comma, and start again: the worker rotates within a minute.",
        )
    if left := len(home.keys.superseded()):
        yield Finding(
            f"{left} older key-encryption keys are still in the settings",
            "Leave them out of SAMSPIL_KEY_ENCRYPTION_KEY, and start again.",
        )


def _kept_apart(settings: Settings) -> Iterator[Finding]:
    """Say whether one lost disk would take with it what is there to survive that."""
    same = _disk_of(settings.proof_folder()) == _disk_of(settings.home)
    yield Finding(
        f"proof folder {settings.proof_folder()} is on {'the same' if same else 'another'} disk",
        "Put it on another disk or machine with SAMSPIL_PROOF_DIR: who loses or changes the "
        "home then cannot change what proves."
        if same
        else "",
        pressing=False,
    )
    kept = settings.keys_backup_dir is not None
    yield Finding(
        "the key store is copied each day" if kept else "no copy of the key store is kept",
        "" if kept else "Name a folder on another disk in SAMSPIL_KEYS_BACKUP_DIR.",
        pressing=False,
    )


def _copy_of_kek(settings: Settings) -> Iterator[Finding]:
    """Say whether the loss of one disk would lose every recording for good."""
    keks, folder = keks_of(settings), settings.kek_backup_dir
    if not isinstance(keks, KekFile):
        return
    if folder is None:
        yield Finding(
            "no copy of the key-encryption key is kept",
            "Name a folder on a third disk in SAMSPIL_KEK_BACKUP_DIR: without keys/kek nothing "
            "can ever be read again.",
            pressing=False,
        )
        return
    if folder.resolve() in {
        each.resolve() for each in (settings.keys_backup_dir, settings.home / "keys") if each
    }:
        yield Finding(
            "the copy of the key-encryption key lies beside the keys that it opens",
            "Name a folder on a disk of its own in SAMSPIL_KEK_BACKUP_DIR: who finds both can "
            "open every backup.",
        )
    if not keks.copy_is_exact():
        yield Finding(
            "the copy of the key-encryption key is missing or differs",
            "See that the disk of SAMSPIL_KEK_BACKUP_DIR is there and has room: the worker "
            "writes the copy within a minute.",
        )
        return
    same = _disk_of(folder) == _disk_of(settings.home)
    yield Finding(
        f"the key-encryption key has an exact copy on {'the same' if same else 'another'} disk",
        "Name a folder on another disk in SAMSPIL_KEK_BACKUP_DIR." if same else "",
        pressing=False,
    )


def _disk_of(path: Path) -> int | None:
    """Return the disk that a folder is on, or will be on once it is made."""
    there = next((each for each in (path, *path.absolute().parents) if each.exists()), None)
    return there.stat().st_dev if there else None


def index_anew(home: Home) -> int:
    """Index every recording that may be used and has a text; return how many."""
    with home.reading() as tx:
        every = [
            found.id
            for course in courses.courses(tx)
            for found in recordings.recordings_of(tx, course=course.id)
        ]
    count = 0
    for recording in every:
        try:
            with home.reading() as tx:
                permit = consent_ledger.permit(tx, recording)
            put_in_index(home, permit)
        except (ConsentError, NotFound):
            continue
        count += 1
    return count


def _free_space(settings: Settings) -> Finding:
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError:
        return Finding(f"no folder {settings.home}", "Choose another with SAMSPIL_HOME.")
    advice = "" if free >= _LITTLE_ROOM else "Free disk space. Work that waits for it goes on then."
    return Finding(f"free disk space: {free / _GIB:.1f} GiB", advice)


def _swap() -> Finding:
    """Say whether memory, with pieces of films and keys in it, may end on a disk in the clear."""
    readable = swap_in_the_clear()
    if not readable:
        return Finding("memory is never moved to a disk in the clear")
    return Finding(
        f"memory may be moved to a disk in the clear: {', '.join(readable)}",
        "Turn swap off (swapoff -a, and leave it out of /etc/fstab), or encrypt its disk.",
        pressing=False,
    )


def _confinement() -> Finding:
    """Say whether a film that takes over its decoder could do any harm."""
    try:
        found = open_doors()
    except PipelineError as error:
        return Finding("films cannot be read apart from the rest", error_in_words(error))
    if not found:
        return Finding("films are read apart: no network, no files, no other processes")
    return Finding(
        f"what reads films is not shut off from: {', '.join(sorted(found))}",
        "Run the worker on Linux 6.7 or newer with Landlock and seccomp, and not in a container "
        "that refuses them.",
        pressing=False,
    )


def _check_model(settings: Settings) -> str:
    folder = settings.models_folder() / settings.model
    if settings.model == "rehearsal":
        folder = MODEL_DIR
    check_model_dir(folder)
    return str(folder)


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(f"{what}: {check()}")
    except PipelineError as error:
        return Finding(f"{what} is missing or unfit", error_in_words(error) or str(error))
