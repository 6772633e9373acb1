"""Pieces of words as hashed numbers, and the word fields beside them.

No vocabulary is kept. A piece of a word is known only by one of 65,536 numbers that it shares
with others, so no words can be read back out of what was learned; beside them stands which fields
the words belong to.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from pipeline.analysis.language import spoken_form
from pipeline.analysis.word_fields import fields_of_language, word_fields

BUCKETS = 1 << 16
PIECES = BUCKETS + 2 * len(word_fields())
"""Pieces of words, then fields as the caseworker and as the others speak of them."""
_LENGTHS = range(2, 6)
_WORDS_IN_A_ROW = (1, 2, 3)
_SCALE = 2.0
_FIELD_SCALE = 0.3
"""Chosen on dialogues set aside: fields count less than pieces of words, and help all the same."""
_WORD_BUCKETS, _WHOLE_WORDS_IN_A_ROW = 1 << 14, (1, 2)
_WORD_SCALE = 0.7
"""Chosen on dialogues set aside: words beside a turn count a third of its own pieces."""
_CASEWORKER = "caseworker"
_PRIME, _MIX = np.uint64(0x100000001B3), np.uint64(0xBF58476D1CE4E5B9)


def pieces_of(said: Sequence[tuple[str, str]], *, language: str) -> csr_array:
    """Return how often pieces of words and word fields occur in what was said, shape (n, PIECES).

    Pieces are two to five letters in a row, across spaces too, and one to three words in a row.
    Rare repeats count for little (1 + log n), and every row of pieces has the same length. The
    same words of a caseworker and of somebody else are different pieces.

    Args:
        said: Pairs of speaker and text.
        language: The language spoken.
    """
    lines, by_others = _lines_of(said)
    both = chain(_pieces(lines), _runs(lines, _WORDS_IN_A_ROW))
    pieces = _counted(both, by_others, buckets=BUCKETS, scale=_SCALE)
    return csr_array(hstack([pieces, _fields(lines, by_others, language=language)]))


def fields_in(pieces: csr_array) -> csr_array:
    """Return in which rows of pieces each word field occurs, whoever speaks: ones."""
    count = len(word_fields())
    either = pieces[:, BUCKETS : BUCKETS + count] + pieces[:, BUCKETS + count :]
    either.data[:] = 1
    return csr_array(either)


def words_of(said: Sequence[tuple[str, str]]) -> csr_array:
    """Return how often whole words occur, alone and two in a row, shape (n, 16384).

    Args:
        said: Pairs of speaker and text.
    """
    lines, by_others = _lines_of(said)
    runs = _runs(lines, _WHOLE_WORDS_IN_A_ROW)
    return _counted(runs, by_others, buckets=_WORD_BUCKETS, scale=_WORD_SCALE)


def _lines_of(said: Sequence[tuple[str, str]]) -> tuple[list[str], NDArray[np.bool_]]:
    """Return what was said as it is compared, and whether by others than the caseworker."""
    lines = [spoken_form(text) for _, text in said]
    return lines, np.array([speaker != _CASEWORKER for speaker, _ in said], np.bool_)


def _counted(
    found: Iterable[tuple[NDArray[np.intp], NDArray[np.uint64]]],
    by_others: NDArray[np.bool_],
    *,
    buckets: int,
    scale: float,
) -> csr_array:
    """Return how often each of so many buckets is met in each row, every row of one length."""
    rows, numbers = (np.concatenate(parts) for parts in zip(*found, strict=True))
    numbers = _mixed(numbers)
    theirs = by_others[rows]
    numbers[theirs] = _mixed(numbers[theirs] + np.uint64(1))
    at = (rows, (numbers % np.uint64(buckets)).astype(np.intp))
    counts = csr_array((np.ones(len(rows)), at), shape=(len(by_others), buckets))
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    row_of = np.repeat(np.arange(len(by_others)), np.diff(counts.indptr))
    squares = np.bincount(row_of, counts.data**2, minlength=len(by_others))
    counts.data *= (scale / np.maximum(np.sqrt(squares), 1))[row_of]
    return counts


def _fields(lines: Sequence[str], by_others: NDArray[np.bool_], *, language: str) -> csr_array:
    """Return how often word fields occur, the caseworker's before those of the others."""
    counts = fields_of_language(language).found_in(lines)
    counts.data = _FIELD_SCALE * (1 + np.log(counts.data))
    whose = (~by_others, by_others)
    return csr_array(hstack([diags_array(each.astype(float)) @ counts for each in whose]))


def _pieces(lines: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the rows and numbers of all letters in a row, for each length at once."""
    padded = [f" {line} " for line in lines]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in padded])
    return _joined(letters, rows, _LENGTHS)


def _runs(
    lines: Sequence[str], lengths: Iterable[int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the rows and numbers of all words in a row; a line has a beginning and an end."""
    words = [["^", *line.split(), "$"] for line in lines]
    known = {word: zlib.crc32(word.encode()) for line in words for word in line}
    numbers = np.array([known[word] for line in words for word in line], np.uint64)
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in words])
    return _joined(numbers << np.uint64(24), rows, lengths)


def _joined(
    parts: NDArray[np.uint64], rows: NDArray[np.intp], lengths: Iterable[int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield rows and numbers of every so many parts that follow each other in one row."""
    for length in lengths:
        count = max(0, len(parts) - length + 1)
        number = np.full(count, length, np.uint64)
        for offset in range(length):
            number = number * _PRIME ^ parts[offset : offset + count]
        whole = rows[:count] == rows[len(rows) - count :]
        yield rows[:count][whole], number[whole]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers whose low bits depend on all bits. Python's own hash is salted."""
    mixed = (numbers ^ (numbers >> np.uint64(29))) * _MIX
    return mixed ^ (mixed >> np.uint64(32))
