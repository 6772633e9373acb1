"""What a cue that is being written would find in the training dialogues. No recording is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from storage.codebooks.matching.reading import Reading, read
from storage.codebooks.matching.tagging import suggest_tags
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import Codebook, Cue, TagDefinition
from storage.dialogues import TRAINING, read_dialogues
from storage.dialogues.dialogue import turns_of
from storage.records import Turn

_Dialogue = tuple[tuple[Turn, ...], tuple[Reading, Reading]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which a cue occurs.

    Attributes:
        words: The turn, word by word.
        first, end: The words that the cue has found, ``[first, end)``.
    """

    dialogue: str
    speaker: str
    words: tuple[str, ...]
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a cue finds.

    Attributes:
        turns: How many turns were read.
        dialogues: In how many dialogues.
    """

    hits: tuple[Hit, ...]
    turns: int
    dialogues: int


def preview(book: Codebook, tag: TagDefinition, cue: Cue) -> Preview:
    """Return what a run would find by one cue of a tag, whatever the tag's other cues say.

    Args:
        book: The codebook that the tag is to stand in; its other tags count where the cue asks
            what came before.
        tag: The tag, of which only whose words are searched counts.
        cue: The cue, of a language.

    Raises:
        CodebookInvalid: Its pattern does not follow the cue language.
    """
    alone = replace(tag, cues=(cue,), threshold=0.0, unless=(), retired=False)
    needed = replace(book, tags=(*_before(book, cue, but=tag.code), alone))
    read_so_far = _dialogues(cue.language)
    hits = [
        Hit(
            name.partition(".")[0],
            turns[place].speaker,
            tuple(word.text for word in turns[place].words),
            *found.words,
        )
        for name, (turns, readings) in read_so_far.items()
        for places in [{turn.index: place for place, turn in enumerate(turns)}]
        for found in suggest_tags(turns, (needed,), language=cue.language, readings=readings)
        if found.code == tag.code
        for place in [places[found.turn]]
    ]
    turns = sum(len(turns) for turns, _ in read_so_far.values())
    return Preview(tuple(hits), turns, len(read_so_far))


@cache
def _dialogues(language: str) -> dict[str, _Dialogue]:
    """Return the training dialogues of a language, read once and kept."""
    table = text_language(language)
    return {
        name: (turns, read(turns, language=table))
        for name, dialogue in read_dialogues(TRAINING).items()
        if dialogue.language == language
        for turns in [turns_of(dialogue)]
    }


def _before(book: Codebook, cue: Cue, *, but: str) -> Sequence[TagDefinition]:
    """Return the tags without which it cannot be told whether the cue holds."""
    needed: dict[str, TagDefinition] = {}
    waiting = [cue.after] if cue.after else []
    while waiting:
        tag = book.tag(waiting.pop())
        if tag is not None and tag.code not in needed and tag.code != but:
            needed[tag.code] = tag
            waiting.extend(_refers_to(tag))
    return tuple(needed.values())


def _refers_to(tag: TagDefinition) -> Iterable[str]:
    return [*tag.unless, *(cue.after for cue in tag.cues if cue.after)]
