"""Make a codebook ready for matching in one language. Its values and parser are in storage."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter

from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.matching.cues import Pattern, compile_pattern
from storage.codebooks.matching.errors import PatternInvalid
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import Codebook, Cue, TagDefinition


@dataclass(frozen=True, slots=True)
class CompiledCue:
    """A cue with its pattern compiled, or without one if only conditions count."""

    cue: Cue
    pattern: Pattern | None


@dataclass(frozen=True, slots=True)
class CompiledTag:
    """A tag with the cues of one language; none for tags that only people set."""

    tag: TagDefinition
    cues: tuple[CompiledCue, ...]


@dataclass(frozen=True, slots=True)
class CompiledCodebook:
    """The tags of a codebook in an order in which each comes after those it refers to."""

    name: str
    tags: tuple[CompiledTag, ...]


@lru_cache(maxsize=64)
def compile_codebook(codebook: Codebook, *, language: str) -> CompiledCodebook:
    """Return a codebook ready for matching in one language.

    Raises:
        CodebookInvalid: A pattern does not follow the cue language; the message names it.
        LanguageUnknown: There are no tables for that language.
    """
    stem = text_language(language).stem
    needs = {
        tag.code: {*tag.unless, *(cue.after for cue in tag.cues if cue.after)}
        for tag in codebook.tags
    }
    by_code = {tag.code: tag for tag in codebook.tags}
    return CompiledCodebook(
        name=codebook.name,
        tags=tuple(
            _compile_tag(by_code[code], language=language, stem=stem)
            for code in TopologicalSorter(needs).static_order()
            if not by_code[code].retired
        ),
    )


def _compile_tag(tag: TagDefinition, *, language: str, stem: Callable[[str], str]) -> CompiledTag:
    cues = []
    for cue in tag.cues:
        if cue.language not in {"", language}:
            continue
        try:
            pattern = compile_pattern(cue.pattern, stem=stem) if cue.pattern else None
        except PatternInvalid as error:
            raise CodebookInvalid(place=f"cue {cue.id}", reason=str(error)) from error
        cues.append(CompiledCue(cue=cue, pattern=pattern))
    return CompiledTag(tag=tag, cues=tuple(cues))
