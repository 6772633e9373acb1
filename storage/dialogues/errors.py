"""What can be wrong with labeled dialogues."""

from storage.errors import StorageError


class DialoguesMissing(StorageError):
    """The folder does not exist or holds no labeled dialogue."""

    advice = "Name a folder with labeled dialogues (*.tsv), written as our own are."


class DialogueInvalid(StorageError):
    """A labeled dialogue cannot be read."""

    def __init__(self, *, file: str, line: int, reason: str) -> None:
        self.advice = f"Correct {file}, line {line}: {reason}."
        super().__init__(f"{file}, line {line}: {reason}")
