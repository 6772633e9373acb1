"""Training topics on labeled dialogues: the few directions that keep phases of a talk apart.

Words that keep company point the same way (latent semantic analysis), so that "train" and "bus"
are alike though nobody said so; of those directions the ones count in which turns of one phase are
alike and those of others are not (linear discriminants). Each language has its own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from pipeline.analysis.phase_model import TOPIC_DIRECTIONS, Values, topics_in
from pipeline.analysis.setting_aside import of_folds
from storage.codebooks.model import LANGUAGES
from storage.dialogues.dialogue import Dialogue

_DIRECTIONS, _ROUNDS = 150, 2
_SHRINKAGE = 0.25
"""How far the spread within phases is taken to be alike in all directions."""
_FEWEST_TURNS = 5
"""A piece of a word met in fewer turns keeps no company to speak of."""


class TopicLearning:
    """What topics are learned from.

    Args:
        pieces: Pieces of words of every turn, shape (turns, pieces).
        dialogues: The dialogues whose spoken turns these are, one after the other.
    """

    def __init__(self, pieces: csr_array, dialogues: Sequence[Dialogue]) -> None:
        counts = [len(each.spoken) for each in dialogues]
        self._pieces = pieces
        self._dialogue = np.repeat(np.arange(len(dialogues)), counts)
        self._language = np.repeat([LANGUAGES.index(each.language) for each in dialogues], counts)
        begins = np.zeros(len(self._dialogue), np.bool_)
        for first, each in zip(np.cumsum([0, *counts]), dialogues, strict=False):
            begins[[first, *(first + border for border in each.borders)]] = True
        self._phase = np.cumsum(begins)

    def fitted(self) -> Values:
        """Return weights of pieces, shape (languages, directions, pieces)."""
        return self._fitted(np.ones(len(self._phase), np.bool_))

    def set_aside(self, fold_of: NDArray[np.intp]) -> Values:
        """Return every turn's topics by what the other folds' turns teach, (turns, directions)."""
        found = np.zeros((len(self._phase), TOPIC_DIRECTIONS))
        for own, weights in of_folds(fold_of, self._fitted):
            for dialogue in np.unique(self._dialogue[own]):
                rows = own & (self._dialogue == dialogue)
                language = self._language[rows][0]
                found[rows] = topics_in(csr_array(self._pieces[rows]), weights[language])
        return found

    def _fitted(self, rows: NDArray[np.bool_]) -> Values:
        weights = np.zeros((len(LANGUAGES), TOPIC_DIRECTIONS, self._pieces.shape[1]))
        for language in np.unique(self._language[rows]):
            chosen = rows & (self._language == language)
            found = _weights(
                csr_array(self._pieces[chosen]), self._phase[chosen], self._dialogue[chosen]
            )
            weights[language, : len(found)] = found
        return weights


def _weights(pieces: csr_array, phase: NDArray[np.intp], dialogue: NDArray[np.intp]) -> Values:
    """Return the weights of pieces in one language, shape (at most TOPIC_DIRECTIONS, pieces).

    Source: Deerwester et al. 1990, Indexing by latent semantic analysis; Fisher 1936, The use of
    multiple measurements in taxonomic problems.
    """
    from sklearn.decomposition import TruncatedSVD  # late: only training needs them
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    turns = np.bincount(pieces.indices, minlength=pieces.shape[1])
    rarity = np.where(turns >= _FEWEST_TURNS, np.log(len(phase) / np.maximum(turns, 1)), 0.0)
    directions = min(_DIRECTIONS, len(phase) - 1)
    nowhere_two_phases = len(np.unique(phase)) == len(np.unique(dialogue))
    if nowhere_two_phases or not rarity.any():
        return np.zeros((0, pieces.shape[1]))
    company = TruncatedSVD(directions, n_iter=_ROUNDS, random_state=0)
    company.fit(csr_array(pieces @ diags_array(rarity)))
    onto = company.components_ / np.sqrt(np.maximum(company.singular_values_, 1e-9))[:, None]
    onto = onto * rarity
    places = pieces @ onto.T
    of_dialogue = np.unique(dialogue, return_inverse=True)[1]
    sums = np.zeros((of_dialogue.max() + 1, directions))
    np.add.at(sums, of_dialogue, places)
    places = places - (sums / np.bincount(of_dialogue)[:, None])[of_dialogue]
    apart = LinearDiscriminantAnalysis(solver="eigen", shrinkage=_SHRINKAGE).fit(places, phase)
    counting = np.sqrt(apart.explained_variance_ratio_[:TOPIC_DIRECTIONS])
    return np.asarray((apart.scalings_[:, : len(counting)] * counting).T @ onto)
