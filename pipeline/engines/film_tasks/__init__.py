"""What is done to somebody's file in a confined process: files in and out, else small JSON.

A film is opened here and nowhere else. Each task has a module, so that a process loads only what
its own task needs. The answers are checked on the other side (answers).
"""

from enum import StrEnum


class FilmTask(StrEnum):
    """The tasks; each is the ``run`` of the module of its name."""

    JOIN = "join"
    PROBE = "probe"
    ENCODE = "encode"
    REMUX = "remux"
    KEEP_SOUND = "keep_sound"
    LOOK_THROUGH = "look_through"
    LOOK_INTO = "look_into"
    MASK = "mask"

    @property
    def function(self) -> str:
        """Return where its function is, as ``module:function``."""
        return f"{__name__}.{self.value}:run"
