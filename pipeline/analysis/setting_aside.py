"""Which dialogues are set aside together, so that what is chosen on them holds for other hands."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storage.dialogues.dialogue import Dialogue


def folds_of(dialogues: Sequence[Dialogue], *, most: int) -> NDArray[np.intp]:
    """Return the fold of every spoken turn of some dialogues, one after the other.

    Neighbors in a language are mostly by one hand and go into one fold: what is set aside is then
    told by other hands alone, as talk that comes later will be. Every fold has its share of each
    language.

    Args:
        dialogues: At least two, in order of their names.
        most: How many folds there are at most.
    """
    counts = Counter(each.language for each in dialogues)
    seen: Counter[str] = Counter()
    folds: list[int] = []
    for each in dialogues:
        folds.append(
            seen[each.language] * min(most, counts[each.language]) // counts[each.language]
        )
        seen[each.language] += 1
    if len({*folds}) == 1:  # one of each language
        folds = list(range(len(folds)))
    return np.repeat(np.array(folds, np.intp), [len(each.spoken) for each in dialogues])
