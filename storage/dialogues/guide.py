"""The labels of the labeled dialogues, and which of our keywords stand for each. Only data."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Label(StrEnum):
    """What the guide of the labeled dialogues lets an author say about a turn."""

    OPEN_QUESTION = "OQ"
    CLOSED_QUESTION = "CQ"
    REFLECTION = "RF"
    AFFIRMATION = "AF"
    JARGON = "JG"
    OPENING = "OP"
    CLOSING = "CL"
    RIGHTS_INFORMATION = "RI"
    INVOLVEMENT = "IN"
    DISCLOSURE = "DI"
    CHECK_OF_UNDERSTANDING = "CK"
    SUMMARY = "SU"
    SUPPORT = "PS"
    UPTAKE_OF_WORDS = "UW"
    CONFLICT = "CF"
    MONOLOGUE = "ML"


CODES: Mapping[Label, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        Label.OPEN_QUESTION: (("conversation", "open_question"),),
        Label.CLOSED_QUESTION: (("conversation", "closed_question"),),
        Label.REFLECTION: (("conversation", "reflection"),),
        Label.AFFIRMATION: (("conversation", "affirmation"),),
        Label.JARGON: (("conversation", "jargon"),),
        Label.OPENING: (("conversation", "opening"),),
        Label.CLOSING: (("conversation", "closing"),),
        Label.RIGHTS_INFORMATION: (("conversation", "rights_information"),),
        Label.INVOLVEMENT: (("conversation", "involvement"),),
        Label.DISCLOSURE: (("conversation", "worry"),),
        Label.CHECK_OF_UNDERSTANDING: (("conversation", "check_understanding"),),
        Label.SUMMARY: (("conversation", "summary"),),
        Label.SUPPORT: (("package_1", "supports_self_image"), ("package_2", "recognizes_coping")),
        Label.UPTAKE_OF_WORDS: (("conversation", "own_words"),),
        Label.CONFLICT: (("package_2", "strong_feelings"), ("package_2", "conflict")),
        Label.MONOLOGUE: (("package_1", "long_turn"),),
    }
)
"""For each label the codebooks' codes that mean the same; the first stands for it alone.

Not every pair is exact. A conflict is labeled on whoever flares up, while our code marks what the
caseworker does about it; support of coping is two of our codes.
"""


class Theme(StrEnum):
    """What a stretch of a dialogue is about. The last seven are topics."""

    OPENING = "opening"
    AGENDA = "agenda"
    RIGHTS = "rights"
    DECISION = "decision"
    CLOSING = "closing"
    SCHOOL = "school"
    HOME = "home"
    FRIENDS = "friends"
    WORRY = "worry"
    HEALTH = "health"
    MONEY = "money"
    OTHER = "other"


_WORDS_OF_THEMES = {
    Theme.OPENING: "aabning",
    Theme.AGENDA: "dagsorden",
    Theme.RIGHTS: "rettigheder ret",
    Theme.DECISION: "plan beslutning aftale opsamling opsummering",
    Theme.CLOSING: "afslutning",
    Theme.SCHOOL: "skole uddannelse arbejde efterskole laereplads jobs",
    Theme.HOME: "hjem hjemme hem hverdag familie mor bosted samvaer foraelder barnet",
    Theme.FRIENDS: "venner fritid leg alene kaereste fodbold",
    Theme.WORRY: "bekymring stoffer piller hash chatten billeder haendelsen sikkerhed flugt"
    " politiet",
    Theme.HEALTH: "helbred graviditet",
    Theme.MONEY: "bolig okonomi penge gaeld",
}

THEMES: Mapping[str, Theme] = MappingProxyType(
    {word: theme for theme, words in _WORDS_OF_THEMES.items() for word in words.split()}
)
"""Authors' words for phases, by theme. Words that are not here are of no theme in particular."""
