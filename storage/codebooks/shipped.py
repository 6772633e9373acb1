"""The codebooks that come with Samspil, and the questions they serve."""

from functools import cache
from importlib.resources import files

from storage.codebooks.model import Codebook, GuideQuestion
from storage.codebooks.parse import parse_codebook, parse_questions

SHIPPED = ("conversation", "package_1", "package_2", "motivational", "needs", "methods")


@cache
def shipped_codebooks() -> tuple[Codebook, ...]:
    """Return the conversation codebook, those of the two packages, and those that people set."""
    return tuple(parse_codebook(_read(name)) for name in SHIPPED)


def conversation_codebook() -> Codebook:
    """Return the codebook of the review desk."""
    return shipped_codebooks()[0]


@cache
def shipped_questions() -> tuple[GuideQuestion, ...]:
    """Return the thirty questions of the two packages, in their order."""
    return parse_questions(_read("questions"))


def _read(name: str) -> str:
    return files("storage.codebooks").joinpath(f"{name}.toml").read_text(encoding="utf-8")
