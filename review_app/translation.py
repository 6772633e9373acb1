"""Danish, Swedish and English for everything a user reads.

The English text is the key. Catalogues are gettext ``.po`` files, read as they are: no compile
step, so what a translator edits is what users see after a restart.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from storage.errors import SubtitlesRefused

LANGUAGES: Final = ("da", "sv", "en")
_LOCALE = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """Return the function that says an English text in a language; unknown languages get Danish."""
    known = language if language in LANGUAGES else "da"
    words = catalogue(known)
    return lambda text: words.get(text, text)


def told(error: Exception, *, say: Translate) -> tuple[str, str]:
    """Return what has happened and what the reader can do about it.

    An anticipated error says the first in its docstring's first line, the second in ``advice``.
    """
    what = (type(error).__doc__ or "").partition("\n")[0]
    advice: str = getattr(error, "advice", "")
    if isinstance(error, SubtitlesRefused) and error.line is not None:
        return say("Line {line}: {what}").format(line=error.line, what=say(what)), say(advice)
    return say(what), say(advice)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return a language's translations by English text; English needs none."""
    if language == "en":
        return {}
    with (_LOCALE / language / "LC_MESSAGES" / "samspil.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def preferred(accept_language: str) -> str:
    """Return the first of our languages that a browser asks for (RFC 9110, weights ignored)."""
    for part in accept_language.split(","):
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "da"
