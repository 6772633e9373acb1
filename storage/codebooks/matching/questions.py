"""Whether a passage asks, and whether the question is open, told by word order.

In Danish and Swedish the finite verb stands second: question word + verb asks, question word +
subject only reports, verb + subject asks for yes or no. English turns an auxiliary instead.
No question mark is needed, because recognizers often leave it out; where there is one, it counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from storage.codebooks.matching.sentences import Passage, PassageIndex
from storage.codebooks.matching.text_language import TextLanguage, WordOrder

_FAR = 5
_CALLED_BY_NAME = 2
_SHORTEST_BY_ENDING = 4


class QuestionForm(StrEnum):
    """Open questions leave the answer to the other; closed ones ask for yes, no or one fact."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch of a passage with at most one finite verb of its own."""

    tokens: tuple[str, ...]
    capitals: tuple[bool, ...]
    first: bool
    last: bool
    joined: bool
    before: tuple[str, ...]
    after: str


def invitations_in(
    passages: Sequence[Passage], index: PassageIndex, *, language: TextLanguage
) -> frozenset[int]:
    """Return the places of passages that ask for a free answer without a question's form."""
    return frozenset(
        place
        for invitation in language.order.invitations
        for place in index.candidates(invitation.keys)
        if passages[place].search(invitation)
    )


def question_forms(passage: Passage, *, language: TextLanguage) -> frozenset[QuestionForm]:
    """Return the forms of question in a passage that is no invitation; none if it does not ask."""
    order = language.order
    clauses = list(_clauses(passage, language=language))
    forms = {_form(clause, asks=passage.asks, order=order) for clause in clauses} - {None}
    if passage.asks and not forms:
        last = clauses[-1].tokens
        asked_open = not order.open_words.isdisjoint(last)
        forms = {QuestionForm.OPEN if asked_open else QuestionForm.CLOSED}
    return frozenset(form for form in forms if form)


def _clauses(passage: Passage, *, language: TextLanguage) -> Iterator[_Clause]:
    bounds = [*passage.clauses, len(passage.tokens)]
    before: tuple[str, ...] = ()
    for number, (start, end) in enumerate(pairwise(bounds)):
        yield _Clause(
            tokens=passage.tokens[start:end],
            capitals=passage.capitals[start:end],
            first=number == 0,
            last=end == len(passage.tokens),
            joined=passage.tokens[start] in language.joining,
            before=before,
            after=passage.tokens[end] if end < len(passage.tokens) else "",
        )
        before = passage.tokens[start:end]


def _form(clause: _Clause, *, asks: bool, order: WordOrder) -> QuestionForm | None:
    start = _skip(clause.tokens, 0, order.openers)
    asked = _skip(clause.tokens, start, order.adverbs)
    if any(_looks_only(clause.tokens[at:], order) for at in {start, asked}):
        return None
    form = _by_question_word(clause, asked, asks=asks, order=order)
    if form is None and _turns(clause, start, asks=asks, order=order):
        return QuestionForm.CLOSED
    return form


def _skip(tokens: tuple[str, ...], start: int, skipped: frozenset[str]) -> int:
    while start < len(tokens) - 1 and tokens[start] in skipped:
        start += 1
    return start


def _looks_only(tokens: tuple[str, ...], order: WordOrder) -> bool:
    return _begins(tokens, order.not_questions) is not None


def _begins(tokens: tuple[str, ...], phrases: tuple[str, ...]) -> int | None:
    """Return how many words the phrase has that begins the tokens, if one does."""
    line = " ".join(tokens[:_FAR]) + " "
    if not line.startswith(phrases):  # nearly always, and one call instead of one for each phrase
        return None
    return next((phrase.count(" ") for phrase in phrases if line.startswith(phrase)), None)


def _by_question_word(
    clause: _Clause, start: int, *, asks: bool, order: WordOrder
) -> QuestionForm | None:
    tokens = clause.tokens[start:]
    if (length := _begins(tokens, order.closed_phrases)) is not None:
        fragment = asks and len(tokens) == length
        verb = fragment or _verb_before_subject(clause, start + length, order=order, reach=_FAR)
        return QuestionForm.CLOSED if verb else None
    head = tokens[0]
    if head not in order.open_words and head not in order.closed_words:
        return None
    form = QuestionForm.OPEN if head in order.open_words else QuestionForm.CLOSED
    if head in order.contracted or (asks and clause.last and len(tokens) == 1):
        return form
    reach = _FAR if head in order.far_words else 1
    place = _skip(clause.tokens, start + 1, order.particles)
    return form if _verb_before_subject(clause, place, order=order, reach=reach) else None


def _verb_before_subject(clause: _Clause, start: int, *, order: WordOrder, reach: int) -> bool:
    """Return whether a finite verb comes within reach and no subject before it."""
    for place in range(start, min(start + reach, len(clause.tokens))):
        token = clause.tokens[place]
        if token in order.finite or (
            reach == 1 and _ends_like_a_verb(token, order) and place + 1 < len(clause.tokens)
        ):
            return True
        if token in order.subjects or clause.capitals[place]:
            return False
    return False


def _turns(clause: _Clause, start: int, *, asks: bool, order: WordOrder) -> bool:
    """Return whether the clause begins with a verb and its subject, and asks by it."""
    if start + 1 >= len(clause.tokens):
        return False
    asks = asks and clause.last
    verb, subject = clause.tokens[start : start + 2]
    known = verb in order.inverting and (
        subject in order.subjects or clause.capitals[start + 1] or asks
    )
    guessed = _ends_like_a_verb(verb, order) and subject in order.pronouns
    return (known or guessed) and (asks or not order.subordinators or _stands_free(clause, order))


def _stands_free(clause: _Clause, order: WordOrder) -> bool:
    """Return whether nothing but a question explains that the verb comes first.

    In "har du brug for det, så ring" the clause is a condition. After another clause the
    verb comes first anyway, unless something joins them or the clause before is only a name
    or a "ja".
    """
    if clause.first:
        return clause.after not in order.adverbs
    if order.subordinators & set(clause.before[:_CALLED_BY_NAME]):
        return False
    return clause.joined or len(clause.before) <= _CALLED_BY_NAME


def _ends_like_a_verb(token: str, order: WordOrder) -> bool:
    return (
        len(token) >= _SHORTEST_BY_ENDING
        and token.endswith(order.endings)
        and token not in order.never_finite
    )
