"""The press: values in, a PDF out. Nothing is fetched, and no typeface of the machine is used.

What people wrote travels as data and is never read as markup. The papers are tagged for screen
readers (PDF/UA-1, ISO 14289-1), which the typesetter checks as it writes them.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typst import Fonts

_ROOM: Final = Path(__file__).parents[1]
"""The typesetter sees this folder and nothing above it: the papers, the pictures, the logo."""


def pdf(sheet: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return a paper as a PDF.

    Args:
        sheet: Which of the papers in this folder.
        data: What stands on it.
        at: The moment the document says it was made.
    """
    import typst  # noqa: PLC0415 - 40 MB that only printing needs

    return typst.compile(
        _ROOM / "paper" / f"{sheet}.typ",
        root=_ROOM,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=at.astimezone(UTC).replace(microsecond=0),  # it takes whole seconds only
    )


@cache
def _fonts() -> "Fonts":
    from typst import Fonts  # noqa: PLC0415 - see above

    with as_file(files("font_source_sans_pro").joinpath("files")) as folder:
        return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
