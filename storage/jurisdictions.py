"""The rules of a country as they stand at a transaction's moment. Their text is ``profiles``'."""

from datetime import date, datetime

from consent.days import day_of
from consent.model import Jurisdiction
from storage.errors import NotFound
from storage.transaction import Transaction


def jurisdiction(tx: Transaction, code: str) -> Jurisdiction:
    """Return the version of a country's profile that is in force.

    Raises:
        NotFound: No profile of this country is in force.
    """
    found = tx.profiles.in_force(code, at=tx.at)
    if found is None:
        raise NotFound(f"jurisdiction {code}")
    return found


def day_in(tx: Transaction, code: str, *, moment: datetime) -> date:
    """Return the day of a moment in a country.

    Raises:
        NotFound: No profile of this country is in force.
    """
    return day_of(moment, jurisdiction(tx, code))


def today(tx: Transaction, code: str) -> date:
    """Return the day it is in a country.

    Raises:
        NotFound: No profile of this country is in force.
    """
    return day_in(tx, code, moment=tx.at)
