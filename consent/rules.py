"""Jurisdiction profiles: dated data, checked as they are read. The caller brings the text."""

import tomllib
from datetime import date
from typing import Any

from consent.errors import JurisdictionInvalid
from consent.model import Jurisdiction

_POSITIVE = ("majority_age", "unprocessed_days", "retention_days")


def parse_jurisdiction(untrusted_text: str) -> Jurisdiction:
    """Return the profile written in a TOML text.

    Raises:
        JurisdictionInvalid: A field is missing or impossible; the message names it.
    """
    try:
        fields: dict[str, Any] = tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        raise JurisdictionInvalid(f"not TOML: {error}") from error
    for name in _POSITIVE:
        if not isinstance(fields.get(name), int) or fields[name] <= 0:
            raise JurisdictionInvalid(f"{name}: a whole number above 0 is needed")
    if not fields.get("code"):
        raise JurisdictionInvalid("code: a country code is needed")
    try:
        in_force_from = date.fromisoformat(str(fields.get("in_force_from")))
    except ValueError as error:
        raise JurisdictionInvalid("in_force_from: a date such as 2025-07-01 is needed") from error
    return Jurisdiction(
        code=str(fields["code"]),
        in_force_from=in_force_from,
        majority_age=fields["majority_age"],
        unprocessed_days=fields["unprocessed_days"],
        retention_days=fields["retention_days"],
        sources=tuple(str(source) for source in fields.get("sources", ())),
    )
