"""Which keywords of a codebook a caseworker's wish speaks of, and by which of its words.

Only the wish's own words decide, bent as they may be, and they are shown: nothing is ranked by a
figure that the reader cannot see. A word that most keywords have tells nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

import snowballstemmer

from storage.codebooks.model import Codebook

_STEMMERS: Final = {"da": "danish", "sv": "swedish", "en": "english"}
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_RARE: Final = 0.2
"""A word that stands in a larger share of the keywords tells none of them from the others."""
_RARE_NAME: Final = 0.5
"""A word of a keyword's name tells more, so it may stand in more of them."""
_OF_EVERY_DAY: Final = """
alle alligevel anden andet andre blev blive bliver bruge både denne deres disse efter eller
enten fordi først gang gange gerne giver gjorde gøre have haft havde helt hele hvad hvem
hver hvilke hvilken hvis hvor hvordan hvorfor hvornår igen ikke inden ingen jeres komme kommer
kunne lige lidt mange meget mellem mere mest måske noget nogen nogle også okay over selv
siden siger sige sker skal skulle stiller sådan tager taler uden under vores være været ville

alla andra annat bara blev blir borde bland bliva brukar både denna deras dessa efter eller
eftersom ganska genom gjorde göra hade hela heller honom hur ibland igen ingen inget inte kanske
kommer kunde lika lite mellan mera mest mycket måste någon något några också säga säger sedan
själv ställer skulle sådan tala talar under utan vara vilka vilken vill ville varför varje vart

about after again also another because been before being both come could does doing down
each ever every from give going have having here into just like made make many might more
most much must ones only other over same said says should some such take talk than that their them
then there these they this those through under until very want were what when where which
while will with without would your
"""
"""Words that say nothing of what is wished for, in Danish, Swedish and English."""
_EVERYDAY: Final = frozenset(_OF_EVERY_DAY.split())
_SAME_FROM: Final = 5
"""So many letters in common make two stems one word: opsummerer, opsummering."""


def wished_for(wish: str | None, *, codebook: Codebook, language: str) -> dict[str, list[str]]:
    """Return the wish's words that each keyword has too, in the wish's order, by its code.

    Args:
        wish: What the caseworker wrote, if anything yet.
        codebook: Its keywords are told by their labels, what they mean and what counts.
        language: The wish's language; one without a codebook of ours finds nothing.
    """
    if not wish or language not in _STEMMERS:
        return {}
    stem = snowballstemmer.stemmer(_STEMMERS[language]).stemWord
    asked = {stem(word): word for word in reversed(_words(wish))}
    told = {
        code: [bent for bent in reversed(asked) if _is_among(bent, keyword.everything)]
        for code, keyword in _keywords(codebook, language).items()
    }
    counts = Counter(bent for found in told.values() for bent in found)
    share = {bent: count / len(told) for bent, count in counts.items()}
    fitting = {
        code: [
            asked[bent]
            for bent in told[code]
            if share[bent] <= (_RARE_NAME if _is_among(bent, keyword.label) else _RARE)
        ]
        for code, keyword in _keywords(codebook, language).items()
    }
    return {code: words for code, words in fitting.items() if words}


@dataclass(frozen=True, slots=True)
class _Keyword:
    """The stems of what is told of a keyword, and those of them that are its name."""

    label: frozenset[str]
    everything: frozenset[str]


@cache
def _keywords(codebook: Codebook, language: str) -> dict[str, _Keyword]:
    stem = snowballstemmer.stemmer(_STEMMERS[language]).stemWord
    return {
        tag.code: _Keyword(
            frozenset(map(stem, _words(text.label))),
            frozenset(map(stem, _words(f"{text.label} {text.description} {text.counts}"))),
        )
        for tag in codebook.tags
        for text in [tag.text(language)]
    }


def _is_among(asked: str, stems: frozenset[str]) -> bool:
    return any(
        asked == each
        or (
            min(len(asked), len(each)) >= _SAME_FROM
            and (asked.startswith(each) or each.startswith(asked))
        )
        for each in stems
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _EVERYDAY]
