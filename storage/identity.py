"""New ids. UUIDv7, so that rows sort by the moment they were made."""

import uuid_utils


def new_id() -> str:
    """Return a fresh id as text."""
    return str(uuid_utils.uuid7())
