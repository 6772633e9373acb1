"""Which dialogues are set aside together, so that what is chosen on them holds for other hands."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from storage.dialogues.dialogue import Dialogue

Learned = TypeVar("Learned")


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


def of_folds(
    fold_of: NDArray[np.intp], learn: Callable[[NDArray[np.bool_]], Learned]
) -> Iterator[tuple[NDArray[np.bool_], Learned]]:
    """Yield for each fold which rows are its own, and what is learned of all others.

    Folds are learned side by side: products of sparse matrices let other threads go on.

    Args:
        fold_of: The fold of each row.
        learn: Is told which rows to learn of.
    """
    own = [fold_of == fold for fold in np.unique(fold_of)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(own, pool.map(learn, [~each for each in own]), strict=True)
