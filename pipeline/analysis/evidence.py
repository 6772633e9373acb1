"""What a conversation offers before anything learned is asked: readings, rules and traits.

It is read once, for keywords and phases alike.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.sparse import csr_array

from pipeline.analysis.traits import Confidences, traits_of
from storage.codebooks.matching.reading import Reading, read
from storage.codebooks.matching.tagging import TagSuggestion, suggest_tags
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import Codebook
from storage.dialogues.guide import CODES, Label
from storage.records import Turn

_LABEL_OF = {pair: label for label, pairs in CODES.items() for pair in pairs}


class Evidence(NamedTuple):
    """A conversation as rules and learner read it.

    Attributes:
        turns: The conversation in order of time.
        language: The language spoken.
        sentences: It is read by sentences.
        wholes: It is read by turns.
        ruled: What the rules suggest.
        traits: What the learner looks at, a row for each turn; no column where nobody speaks.
    """

    turns: Sequence[Turn]
    language: str
    sentences: Reading
    wholes: Reading
    ruled: tuple[TagSuggestion, ...]
    traits: csr_array


def evidence_of(turns: Sequence[Turn], codebooks: Sequence[Codebook], *, language: str) -> Evidence:
    """Read a conversation.

    Args:
        turns: The conversation in order of time.
        codebooks: Whose rules give their opinion.
        language: The language spoken.

    Raises:
        CodebookInvalid: A pattern does not follow the cue language.
        LanguageUnknown: There are no tables for that language.
    """
    sentences, wholes = read(turns, language=text_language(language))
    ruled = suggest_tags(turns, codebooks, language=language, readings=(sentences, wholes))
    traits = csr_array((0, 0))
    if turns:
        traits = traits_of(turns, _confidences(ruled), wholes=wholes, language=language)
    return Evidence(turns, language, sentences, wholes, ruled, traits)


def label_of(suggestion: TagSuggestion) -> Label | None:
    """Return the label that a suggestion's code stands for."""
    return label_of_code(suggestion.codebook, suggestion.code)


def label_of_code(codebook: str, code: str) -> Label | None:
    """Return the label that a code stands for in a codebook, whatever the codebook's version."""
    return _LABEL_OF.get((codebook.partition("@")[0], code))


def _confidences(suggestions: Iterable[TagSuggestion]) -> Confidences:
    """Return how sure the surest suggestion of each label is, by turn."""
    ruled: dict[tuple[int, Label], float] = {}
    for each in suggestions:
        if (label := label_of(each)) is not None:
            ruled[each.turn, label] = max(ruled.get((each.turn, label), 0.0), each.confidence)
    return ruled
