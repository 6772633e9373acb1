"""Labeled conversations written for this project, and reading such folders. Guide: GUIDE.md."""

from collections.abc import Mapping
from pathlib import Path

from storage.dialogues.dialogue import Dialogue, parse_dialogue
from storage.dialogues.errors import DialogueInvalid, DialoguesMissing

TRAINING = Path(__file__).with_name("training")
"""What rules may be read against and what a learner is trained on."""

EXCHANGES = Path(__file__).with_name("exchanges")
"""Answers to a caseworker, one after the other, of which only disclosures are labeled; the phase
is the exchange's number. For training alone."""

HELD_OUT = Path(__file__).with_name("held_out")
"""What nothing is ever trained on, so that a figure from here means something."""

STRANGERS = Path(__file__).with_name("strangers")
"""As ``HELD_OUT``, by hands of whom nothing at all is trained on; English alone."""

SECOND_CODER = Path(__file__).with_name("second_coder")
"""The held-out dialogues once more, as somebody else has labeled them without seeing the first
labels: how far two agree. All labels in ``101`` and ``102``, in the others disclosures alone."""

CHECKSUMS = Path(__file__).with_name("SHA256SUMS")
"""SHA-256 of every dialogue, as ``sha256sum --check`` reads them."""


def read_dialogues(folder: Path) -> Mapping[str, Dialogue]:
    """Return the dialogues of a folder's ``*.tsv`` by file name, in order.

    Raises:
        DialogueInvalid: A file does not follow the guide; the advice names file and line.
        DialoguesMissing: There is no such folder, or no dialogue in it.
    """
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise DialoguesMissing
    return {path.name: parse_dialogue(_text(path), file=path.name) for path in paths}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DialogueInvalid(file=path.name, line=line, reason="not UTF-8") from error
