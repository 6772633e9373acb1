"""The words of a codebook. Frozen, hashable values; no files, no rules of matching."""

from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("da", "sv", "en")


class Severity(StrEnum):
    """How a suggestion is treated. Safeguarding is listed for reading and never hidden."""

    NORMAL = "normal"
    SAFEGUARDING = "safeguarding"


class QuestionCondition(StrEnum):
    """Which form of question a passage must have for a cue to count."""

    OPEN = "open"
    CLOSED = "closed"
    ANY = "any"
    NO = "no"


class Within(StrEnum):
    """What a cue is held against: one sentence, or everything said in the turn."""

    SENTENCE = "sentence"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class Cue:
    """One reason to suggest a tag. Every condition that is set must hold.

    Attributes:
        id: Unique in the codebook, such as ``summary.da.2``; stored as a suggestion's reason.
        weight: How much the cue alone is worth, 0..1; several cues add as noisy-or.
        language: The language it belongs to; empty for a cue without words, good in all.
        pattern: Words to look for, in the cue language; empty if only conditions count.
        echo: Least share of the passage's content words taken from the other's last turns.
        shared: Least number of such words.
        position: Part of the conversation it counts in, as shares from 0 to 1.
        silence_ms: Least silence between the end of the turn and the next sound; the
            silence itself is then the evidence.
        after: Code that the nearest turn of somebody else must carry.
    """

    id: str
    weight: float
    language: str = ""
    pattern: str = ""
    question: QuestionCondition | None = None
    echo: float = 0.0
    shared: int = 0
    min_words: int = 0
    max_words: int | None = None
    position: tuple[float, float] = (0.0, 1.0)
    silence_ms: int = 0
    after: str = ""
    within: Within = Within.SENTENCE


@dataclass(frozen=True, slots=True)
class Example:
    """Something said, and what the other said just before where that decides."""

    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class TagText:
    """A tag as people read it in one language.

    Attributes:
        short: Label for narrow places such as a key's cap.
        examples: Two that count.
        counterexamples: Two that look alike and do not count.
        modifiers: What the tag's modifiers are called, in their order.
    """

    language: str
    label: str
    short: str
    description: str
    counts: str
    does_not_count: str
    examples: tuple[Example, ...]
    counterexamples: tuple[Example, ...]
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagDefinition:
    """One keyword of a codebook.

    Attributes:
        serves: Ids of the questions that the tag helps to talk about, such as ``P1.9``.
        speakers: Whose words are searched; a person may set the tag anywhere.
        key: The digit that sets it at the desk; empty if none.
        threshold: Least confidence of a suggestion.
        unless: Codes that, on the same words, make this one superfluous.
        modifiers: Codes of what a mark can be told apart by, such as simple and complex, or of the
            steps of a scale.
        retired: It is neither suggested nor set any more; what it meant can still be read.
    """

    code: str
    serves: tuple[str, ...]
    speakers: tuple[str, ...]
    texts: tuple[TagText, ...]
    cues: tuple[Cue, ...] = ()
    key: str = ""
    threshold: float = 0.5
    severity: Severity = Severity.NORMAL
    unless: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    retired: bool = False

    def text(self, language: str) -> TagText:
        """Return the tag's words in one language."""
        return next(text for text in self.texts if text.language == language)


@dataclass(frozen=True, slots=True)
class Codebook:
    """A set of tags in one version. Old marks keep the version they were made with.

    Attributes:
        version: Of what came with the software.
        titles: Language and title, one of each language.
        edition: How often the site has changed it since; 0 as it came.
    """

    id: str
    version: int
    titles: tuple[tuple[str, str], ...]
    tags: tuple[TagDefinition, ...]
    edition: int = 0

    @property
    def name(self) -> str:
        """Id and version, such as ``conversation@1``, or ``conversation@1.2`` of the site's own."""
        return f"{self.id}@{self.version}" + (f".{self.edition}" if self.edition else "")

    @property
    def in_use(self) -> tuple[TagDefinition, ...]:
        """The tags that may be suggested and set."""
        return tuple(tag for tag in self.tags if not tag.retired)

    def title(self, language: str) -> str:
        """Return the title in one language."""
        return dict(self.titles)[language]

    def tag(self, code: str) -> TagDefinition | None:
        """Return the tag of a code, or None if this version has none."""
        return next((tag for tag in self.tags if tag.code == code), None)


def id_in(name: str) -> str:
    """Return which codebook a name is of, whatever its version."""
    return name.partition("@")[0]


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """One of the questions that supervision of a package asks.

    Attributes:
        id: Package and number, such as ``P2.17``.
        themes, texts: Pairs of language and words, one of each language.
    """

    id: str
    themes: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]

    def theme(self, language: str) -> str:
        """Return the theme it belongs to, in one language."""
        return dict(self.themes)[language]

    def text(self, language: str) -> str:
        """Return the question in one language."""
        return dict(self.texts)[language]
