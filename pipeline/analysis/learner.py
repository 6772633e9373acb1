"""A small learner beside the rules: it ranks what they suggest, and adds what they miss.

Weights of hashed pieces of words, of the words around and of the rules' own opinion, one label
against the rest: it suggests where a turn resembles those that people labeled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, logit

from pipeline.analysis.evidence import Evidence, label_of
from pipeline.analysis.pieces import PIECES, pieces_of
from storage.codebooks.matching.reading import NEVER_SAID
from storage.codebooks.matching.sentences import Passage
from storage.codebooks.matching.tagging import TagSuggestion
from storage.codebooks.model import Codebook, Severity
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.guide import CODES, Label
from storage.records import TurnKind

RESEMBLES = "resembles"
"""Reason of a suggestion that no cue gave: it resembles turns that people labeled."""

_RULE_NEEDS = 0.7
"""Share of the threshold that is enough where a rule says the same."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned.

    Attributes:
        weights: Whole numbers from -127 to 127, shape (labels, traits), in the order of Label.
        scales: What one step of a label's weights is worth, shape (labels,).
        biases: Log-odds of a turn without traits, shape (labels,).
        thresholds: Least probability of a suggestion, shape (labels,).
        shifts: What a site's verdicts have added to the weights and, last, to the biases; shape
            (labels, traits + 1). None where nobody has judged anything.
    """

    weights: NDArray[np.int8]
    scales: Values
    biases: Values
    thresholds: Values
    shifts: Values | None = None

    def probabilities(self, traits: csr_array) -> Values:
        """Return how likely each label is for each row of traits, shape (n, labels)."""
        return np.asarray(expit(self.odds(traits)))

    def odds(self, traits: csr_array) -> Values:
        """Return the log-odds of each label for each row of traits, shape (n, labels)."""
        return np.asarray(traits @ self.weights.T.astype(np.float64) * self.scales + self.biases)

    def ranks(self, traits: csr_array, *, likely: Values) -> Values:
        """Return by what suggestions are ranked: what is likely, as verdicts have moved it."""
        if self.shifts is None:
            return likely
        moved = traits @ self.shifts[:, :-1].T + self.shifts[:, -1]
        return np.asarray(expit(logit(likely) + moved))


def suggest(
    evidence: Evidence, codebooks: Sequence[Codebook], *, learned: Learned
) -> tuple[TagSuggestion, ...]:
    """Return what rules and learner suggest together, in order of time.

    The confidence of a label that was learned is the learner's, as the site's verdicts have moved
    it, so that the surest can be read first; what is suggested at all, they do not change. A
    rule's suggestion needs less than what the learner needs alone; one that is there to safeguard
    stays in any case, and so does one by a keyword whose cues the site has written itself. The
    other codes' suggestions are the rules' alone.

    Args:
        evidence: What the conversation offers.
        codebooks: Those by whose rules it was read.
        learned: What the learner knows.
    """
    turns = evidence.turns
    if not turns:
        return ()
    likely = learned.probabilities(evidence.traits)
    rank = learned.ranks(evidence.traits, likely=likely)
    obeyed = set(_obeyed(codebooks))
    rows = {turn.index: row for row, turn in enumerate(turns)}
    columns = {label: column for column, label in enumerate(Label)}
    kept: list[TagSuggestion] = []
    for each in evidence.ruled:
        label = label_of(each)
        if label is None:
            kept.append(each)
            continue
        chance = float(likely[rows[each.turn], columns[label]])
        enough = _RULE_NEEDS * learned.thresholds[columns[label]]
        if chance >= enough or (each.codebook, each.code) in obeyed:
            sure = float(rank[rows[each.turn], columns[label]])
            kept.append(replace(each, confidence=round(sure, 3)))
    known = {(each.turn, label_of(each)) for each in kept}
    missed = [
        (row, label)
        for row, turn in enumerate(turns)
        if turn.kind is TurnKind.TURN
        for label, column in columns.items()
        if likely[row, column] >= learned.thresholds[column]
        and (turn.index, label) not in known
        and (label is Label.DISCLOSURE or not turn.doubts & NEVER_SAID)
    ]
    added = _added(evidence, missed, codebooks, learned=learned, rank=rank)
    return tuple(
        sorted([*kept, *added], key=lambda each: (each.start_ms, each.codebook, each.code))
    )


def _obeyed(codebooks: Sequence[Codebook]) -> Iterator[tuple[str, str]]:
    """Yield the keywords whose rules the learner may not overrule: it has not met a site's own."""
    known = {(book.id, tag.code): tag.cues for book in shipped_codebooks() for tag in book.tags}
    for book in codebooks:
        for tag in book.tags:
            own = tag.cues != known.get((book.id, tag.code), ())
            if own or tag.severity is Severity.SAFEGUARDING:
                yield book.name, tag.code


def _added(
    evidence: Evidence,
    missed: Sequence[tuple[int, Label]],
    codebooks: Sequence[Codebook],
    *,
    learned: Learned,
    rank: Values,
) -> Iterator[TagSuggestion]:
    """Yield a suggestion at the sentence of a turn that speaks most for its label."""
    names = {(book.id, tag.code): book.name for book in codebooks for tag in book.in_use}
    columns = {label: column for column, label in enumerate(Label)}
    of_turns: dict[int, list[Passage]] = {row: [] for row, _ in missed}
    for each in evidence.sentences.passages:
        if each.turn in of_turns:
            of_turns[each.turn].append(each)
    found = [(row, label) for row, label in missed if CODES[label][0] in names and of_turns[row]]
    several: list[Passage] = []
    starts: dict[int, int] = {}
    for row, own in of_turns.items():
        if len(own) > 1:
            starts[row] = len(several)
            several += own
    # All at once: a call for each turn would cost more than the sentences themselves.
    said = [(each.speaker, " ".join(each.tokens)) for each in several]
    if said:
        pieces = pieces_of(said, language=evidence.language)
        worth = pieces @ learned.weights[:, :PIECES].T.astype(np.float64)
    for row, label in found:
        own, start = of_turns[row], starts.get(row)
        strongest = own[0]
        if start is not None:
            strongest = own[int(worth[start : start + len(own), columns[label]].argmax())]
        first, end = strongest.words(0, len(strongest.tokens))
        turn = evidence.turns[row]
        codebook, code = CODES[label][0]
        yield TagSuggestion(
            codebook=names[codebook, code],
            code=code,
            start_ms=turn.words[first].start_ms,
            end_ms=max(turn.words[end - 1].end_ms, turn.words[first].start_ms + 1),
            confidence=round(float(rank[row, columns[label]]), 3),
            reason=RESEMBLES,
            turn=turn.index,
            words=(first, end),
        )
