"""Which models there are, whether they fit, and whether a folder holds them.

Not here: choosing one (settings) or running it (``whisper.py``). Only ``fetch`` goes outside,
and only because a person asked for it by name.
"""

import os
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from pipeline.engines.errors import ModelIncomplete, ModelNeedsConversion, ModelUnknown

_CATALOGUE = Path(__file__).with_name("model_catalogue.toml")
ROOM_FOR_THE_REST_MIB = 1_500
"""Sound, features and the operating system beside the model."""

# Without tokenizer.json faster-whisper would ask a hub for one.
_NEEDED = (
    ("config.json",),
    ("model.bin",),
    ("tokenizer.json",),
    ("vocabulary.json", "vocabulary.txt"),
)
_WEIGHTS_AT_LEAST = 100_000
_FETCHED = [
    "config.json",
    "preprocessor_config.json",
    "model.bin",
    "tokenizer.json",
    "vocabulary.*",
]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One recognizer of the catalogue.

    Attributes:
        size_mib: On disk in CTranslate2 format.
        memory_mib: While recognizing with 8-bit weights on a processor.
        conversion: Whether it must be converted on this machine first.
    """

    name: str
    languages: tuple[str, ...]
    repo: str
    size_mib: int
    memory_mib: int
    licence: str
    note: str
    conversion: bool = False

    def fits(self, machine_memory_mib: int) -> bool:
        """Return whether a machine with so much memory can run it."""
        return self.memory_mib + ROOM_FOR_THE_REST_MIB <= machine_memory_mib


class Presence(StrEnum):
    """What lies where a file is expected."""

    ABSENT = "absent"
    AS_PUBLISHED = "as published"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """One of the two models with which sherpa-onnx tells voices apart.

    Attributes:
        file: Its name in the folder of the diarizer.
        source: Where a person fetches it.
        sha256: Of the file as published. A site may use another of its kind.
    """

    name: str
    file: str
    source: str
    licence: str
    sha256: str

    def presence(self, folder: Path) -> Presence:
        """Return whether a folder holds it, or another in its place."""
        path = folder / self.file
        if not path.is_file():
            return Presence.ABSENT
        with path.open("rb") as held:
            same = file_digest(held, "sha256").hexdigest() == self.sha256
        return Presence.AS_PUBLISHED if same else Presence.ANOTHER


def voice_models() -> tuple[VoiceModel, ...]:
    """Return the models that tell voices apart."""
    table = tomllib.loads(_CATALOGUE.read_text("utf-8"))["voices"]
    return tuple(VoiceModel(name=name, **entry) for name, entry in table.items())


def catalogue() -> tuple[ModelEntry, ...]:
    """Return all models in the order of the file: general, Swedish, Danish."""
    table = tomllib.loads(_CATALOGUE.read_text("utf-8"))["models"]
    return tuple(
        ModelEntry(name=name, **{**entry, "languages": tuple(entry["languages"])})
        for name, entry in table.items()
    )


def model_entry(name: str) -> ModelEntry:
    """Return one model of the catalogue.

    Raises:
        ModelUnknown: There is none of this name.
    """
    for entry in catalogue():
        if entry.name == name:
            return entry
    raise ModelUnknown(f"no model named {name!r}")


def machine_memory_mib() -> int:
    """Return how much memory this machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def fits(machine_memory_mib: int) -> tuple[ModelEntry, ...]:
    """Return the models that a machine with so much memory can run."""
    return tuple(entry for entry in catalogue() if entry.fits(machine_memory_mib))


def check_model_dir(path: Path) -> None:
    """Check that a folder holds a complete model.

    Raises:
        ModelIncomplete: A file is missing, or the weights are only a placeholder.
    """
    if not path.is_dir():
        raise ModelIncomplete(f"{path} is not a folder")
    for names in _NEEDED:
        if not any((path / name).is_file() for name in names):
            raise ModelIncomplete(f"{path} has no {' or '.join(names)}")
    if (path / "model.bin").stat().st_size < _WEIGHTS_AT_LEAST:
        raise ModelIncomplete(f"{path / 'model.bin'} is a placeholder, not the weights")


def fetch(name: str, target_dir: Path) -> Path:
    """Fetch a model into a folder and return it. The only function that goes outside.

    Raises:
        ModelUnknown: There is none of this name.
        ModelNeedsConversion: It is not published in a format that can be used as it is.
        ModelIncomplete: What arrived lacks a file.
    """
    entry = model_entry(name)
    if entry.conversion:
        raise ModelNeedsConversion(f"{entry.repo} must be converted")
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    folder = target_dir / name
    snapshot_download(entry.repo, local_dir=folder, allow_patterns=_FETCHED)
    check_model_dir(folder)
    return folder
