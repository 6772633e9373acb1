"""Turns as tagging reads them: passages, and what holds of each in its surroundings.

What is costly and seldom asked for, such as the form of a question, is worked out on demand.
"""

from collections import deque
from collections.abc import Iterator, Sequence

from storage.codebooks.matching.questions import QuestionForm, invitations_in, question_forms
from storage.codebooks.matching.sentences import (
    Passage,
    PassageIndex,
    content_stems,
    sentences_of,
    whole_turn,
)
from storage.codebooks.matching.text_language import TextLanguage
from storage.records import Doubt, Turn, TurnKind

NEVER_SAID = frozenset({Doubt.OVER_SILENCE, Doubt.LOOP, Doubt.CREDIT_LINE})
"""Doubts under which a turn gets no suggestion, unless it is there to safeguard."""

_REMEMBERED_TURNS = 3


class Reading:
    """A conversation cut into passages, either sentences or whole turns.

    Args:
        turns: The conversation in order of time. Backchannels break silences, nothing more.
        passages: What it was cut into; every passage names its turn.
        language: The language spoken.
    """

    def __init__(
        self, turns: Sequence[Turn], passages: Sequence[Passage], *, language: TextLanguage
    ) -> None:
        self.passages = passages
        self.index = PassageIndex(passages)
        self._turns = turns
        self._language = language
        self._contents = [content_stems(each, language=language) for each in passages]
        self._heard = _heard_before(turns, passages, self._contents)
        self._said_by: dict[tuple[frozenset[str], bool], frozenset[int]] = {}
        invited = frozenset({QuestionForm.OPEN})
        self._forms: dict[int, frozenset[QuestionForm]] = dict.fromkeys(
            invitations_in(passages, self.index, language=language), invited
        )

    def said_by(self, speakers: frozenset[str], *, trusted: bool) -> frozenset[int]:
        """Return the places of passages by some speakers, in any words or in trusted ones."""
        if (speakers, trusted) not in self._said_by:
            self._said_by[speakers, trusted] = frozenset(
                place
                for place, passage in enumerate(self.passages)
                if passage.speaker in speakers
                and not (trusted and self._turns[passage.turn].doubts & NEVER_SAID)
            )
        return self._said_by[speakers, trusted]

    def forms(self, place: int) -> frozenset[QuestionForm]:
        """Return the forms of question in a passage."""
        if place not in self._forms:
            self._forms[place] = question_forms(self.passages[place], language=self._language)
        return self._forms[place]

    def taken_up(self, place: int) -> tuple[int, float]:
        """Return how many content words come from the other's last turns, and their share.

        Source: the repetition part of uptake, Demszky et al. 2021.
        """
        own = self._contents[place]
        shared = own & self._heard[self.passages[place].turn]
        return len(shared), len(shared) / len(own) if own else 0.0

    def position(self, place: int) -> float:
        """Return where in the conversation a passage is, from 0 to 1, counted in turns."""
        return self.passages[place].turn / max(1, len(self._turns) - 1)

    def silence_after(self, place: int) -> tuple[int, int] | None:
        """Return the silence after a passage as ``[start_ms, end_ms)``, if it ends its turn."""
        passage = self.passages[place]
        if not passage.last or passage.turn + 1 >= len(self._turns):
            return None
        start = max(turn.end_ms for turn in self._turns[: passage.turn + 1][-_REMEMBERED_TURNS:])
        end = self._turns[passage.turn + 1].start_ms
        return (start, end) if end > start else None


def read(turns: Sequence[Turn], *, language: TextLanguage) -> tuple[Reading, Reading]:
    """Return a conversation read by sentences and by turns."""
    sentences: list[Passage] = []
    wholes: list[Passage] = []
    for at, turn in enumerate(turns):
        if turn.kind is TurnKind.BACKCHANNEL:
            continue
        if parts := sentences_of(turn, at=at, language=language):
            sentences.extend(parts)
            wholes.append(whole_turn(parts))
    return (
        Reading(turns, sentences, language=language),
        Reading(turns, wholes, language=language),
    )


def _heard_before(
    turns: Sequence[Turn], passages: Sequence[Passage], contents: Sequence[frozenset[str]]
) -> list[frozenset[str]]:
    """Return for every turn the content stems of the last turns of everybody else."""
    said: list[frozenset[str]] = [frozenset()] * len(turns)
    for passage, content in zip(passages, contents, strict=True):
        said[passage.turn] |= content
    recent: deque[tuple[str, frozenset[str]]] = deque(maxlen=_REMEMBERED_TURNS)
    return list(_listen(turns, said, recent))


def _listen(
    turns: Sequence[Turn],
    said: Sequence[frozenset[str]],
    recent: deque[tuple[str, frozenset[str]]],
) -> Iterator[frozenset[str]]:
    for turn, stems in zip(turns, said, strict=True):
        others = (heard for speaker, heard in recent if speaker != turn.speaker)
        yield frozenset[str]().union(*others)
        if turn.kind is TurnKind.TURN:
            recent.append((turn.speaker, stems))
