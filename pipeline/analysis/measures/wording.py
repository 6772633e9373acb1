"""Which words the caseworker uses: the youth's own, and long ones."""

from collections import Counter, deque
from typing import Final, NamedTuple

from pipeline.analysis.measures import ranges
from pipeline.analysis.measures.figures import (
    CASEWORKER,
    YOUTH,
    Figure,
    Measure,
    Moment,
    Needs,
    Quality,
    Withheld,
    by_time,
    withheld,
)
from storage.codebooks.matching.sentences import content_stems, sentences_of
from storage.codebooks.matching.text_language import TextLanguage
from storage.records import Turn

_REMEMBERED_TURNS: Final = 3
_LEAST_TURNS: Final = 20
_LEAST_WORDS: Final = 300
_LONG_LETTERS: Final = 6
_LEAST_WORDS_SHOWN: Final = 10
_SHOWN: Final = 5
_WORDS_SHOWN: Final = 8
_AROUND: Final = ".,;:!?…\"'”’“()»«–-"


class _Heard(NamedTuple):
    """A turn of the caseworker, and what the youth had said just before."""

    turn: Turn
    own: frozenset[str]
    theirs: frozenset[str]


def own_words(turns: tuple[Turn, ...], *, quality: Quality, language: TextLanguage) -> Figure:
    """Return how much the caseworker takes up the youth's own words, beyond chance (m7).

    Formula: mean over the caseworker's turns of |own ∩ theirs| / |own| − the same if turns were
    paired at random, where own are the stems of content words in the turn and theirs those of
    the youth's last three turns; −1..1. The chance part is exact: for each stem the share of all
    such pairs in which the youth has said it. Interval: bootstrap over turns. Source: Demszky, D.
    et al. (2021), Measuring conversational uptake, ACL; its repetition part. Caveat: a word
    taken up can be listening or parroting, and a paraphrase does not count; read the places.
    Moments: the turns with most of the youth's words, and which.
    """
    pairs = _pairs(turns, language=language)
    why = quality.objection(Needs.SPEAKERS, Needs.TEXT)
    if why is None and len(pairs) < _LEAST_TURNS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.OWN_WORDS, why, n=len(pairs), needed=_LEAST_TURNS)
    said = Counter(stem for pair in pairs for stem in pair.theirs)
    beyond = [
        (len(pair.own & pair.theirs) - sum(said[stem] for stem in pair.own) / len(pairs))
        / len(pair.own)
        for pair in pairs
    ]
    most = sorted(pairs, key=lambda pair: len(pair.own & pair.theirs), reverse=True)
    return Figure(
        Measure.OWN_WORDS,
        ranges.mean(beyond),
        n=len(pairs),
        needed=_LEAST_TURNS,
        moments=by_time(
            [_taken_up(pair, language=language) for pair in most[:_SHOWN] if pair.own & pair.theirs]
        ),
    )


def long_words(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how many of the caseworker's words are long (m8).

    Formula: words of more than six letters / all words in the caseworker's turns; 0..1. Interval:
    bootstrap over turns. Source: the word part of LIX, Björnsson, C.-H. (1968), Läsbarhet. Caveat:
    LIX is made for writing, and its other part counts sentences, whose ends a recognizer invents;
    so only this part is shown. Danish and Swedish write compounds as one word, so languages do
    not compare. Moments: the turns with the largest share, and the words.
    """
    own = [turn for turn in turns if turn.speaker == CASEWORKER]
    counts = [(len(_long(turn)), len(turn.words)) for turn in own]
    words = sum(count for _, count in counts)
    why = quality.objection(Needs.SPEAKERS, Needs.TEXT)
    if why is None and words < _LEAST_WORDS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.LONG_WORDS, why, n=words, needed=_LEAST_WORDS)
    heaviest = sorted(
        (turn for turn in own if len(turn.words) >= _LEAST_WORDS_SHOWN and _long(turn)),
        key=lambda turn: len(_long(turn)) / len(turn.words),
        reverse=True,
    )
    return Figure(
        Measure.LONG_WORDS,
        ranges.ratio([long for long, _ in counts], wholes=[count for _, count in counts]),
        n=words,
        needed=_LEAST_WORDS,
        moments=by_time(
            [
                Moment(turn.start_ms, turn.end_ms, tuple(dict.fromkeys(_long(turn)))[:_WORDS_SHOWN])
                for turn in heaviest[:_SHOWN]
            ]
        ),
    )


def _pairs(turns: tuple[Turn, ...], *, language: TextLanguage) -> list[_Heard]:
    """Return the caseworker's turns that have content, with what the youth had said before."""
    recent: deque[frozenset[str]] = deque(maxlen=_REMEMBERED_TURNS)
    found = []
    for turn in turns:
        stems = _stems(turn, language=language)
        if turn.speaker == YOUTH:
            recent.append(stems)
        elif turn.speaker == CASEWORKER and stems and recent:
            found.append(_Heard(turn, stems, frozenset[str]().union(*recent)))
    return found


def _stems(turn: Turn, *, language: TextLanguage) -> frozenset[str]:
    sentences = sentences_of(turn, at=0, language=language)
    return frozenset[str]().union(*(content_stems(each, language=language) for each in sentences))


def _taken_up(pair: _Heard, *, language: TextLanguage) -> Moment:
    shared = pair.own & pair.theirs
    words = (
        token
        for sentence in sentences_of(pair.turn, at=0, language=language)
        for token, stem in zip(sentence.tokens, sentence.stems, strict=True)
        if stem in shared
    )
    listed = tuple(dict.fromkeys(words))[:_WORDS_SHOWN]
    return Moment(pair.turn.start_ms, pair.turn.end_ms, listed)


def _long(turn: Turn) -> list[str]:
    bare = (word.text.strip(_AROUND) for word in turn.words)
    return [word for word in bare if sum(map(str.isalpha, word)) > _LONG_LETTERS]
