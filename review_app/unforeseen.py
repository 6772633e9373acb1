"""Errors nobody foresaw: logged by type and place, for a message may hold what someone said."""

import logging

_LOG = logging.getLogger(__name__)

MESSAGE_WORDS = "Something went wrong here. Nothing you wrote is lost."
ADVICE_WORDS = "Try again. If it goes on, tell your administrator the time."


def log(error: Exception, *, during: str) -> None:
    """Log that an error happened and where it came from, without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    _LOG.error("Unable to answer %s: %s at %s", during, type(error).__name__, where)
