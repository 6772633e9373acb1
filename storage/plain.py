"""What may stand in the clear: numbers and short ids. Everything else is sealed.

The test is narrow on purpose: a sentence has spaces, and a name may have letters outside ASCII.
"""

import re
from collections.abc import Mapping

from storage.errors import NotPlain

SHORT_ID = re.compile(r"[A-Za-z0-9_.:@/+-]{0,64}")


def check_plain(values: Mapping[str, object]) -> None:
    """Refuse a document in which anything but numbers and short ids stands.

    Raises:
        NotPlain: A field holds something else. The message names the field, not what it holds.
    """
    for field, value in values.items():
        if SHORT_ID.fullmatch(field) is None:
            raise NotPlain("(its name)")
        _check(value, field=field)


def _check(value: object, *, field: str) -> None:
    match value:
        case None | bool() | int() | float():
            return
        case str() if SHORT_ID.fullmatch(value):
            return
        case Mapping():
            check_plain(value)
        case list() | tuple():
            for item in value:
                _check(item, field=field)
        case _:
            raise NotPlain(field)
