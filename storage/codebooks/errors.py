"""What can be wrong with a codebook's text."""

from storage.errors import StorageError


class LanguageUnknown(StorageError):
    """There are no language tables for this language."""

    advice = "Choose Danish, Swedish or English for the recording."


class CodebookInvalid(StorageError):
    """A codebook has a field that is missing, unknown or impossible.

    Attributes:
        place: Where it is, such as ``tags.summary.da.cues[2].w``.
    """

    advice = "Correct the named place in the codebook and load it again."

    def __init__(self, *, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: {reason}")
