"""A transaction asks for a recording's key once, and writes under none that is gone."""

from collections import Counter

import pytest
from sqlmodel import Session

from consent.model import RecordingId
from storage.transaction import Transaction
from storage.vault.errors import KeyDestroyed
from tests.contract.storage.scene import NOW, MemoryKeys

FIRST, SECOND = RecordingId("first"), RecordingId("second")


class CountingKeys(MemoryKeys):
    """Keys that know how often they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[RecordingId] = Counter()

    def data_key(self, recording: RecordingId) -> bytes:
        self.asked[recording] += 1
        return super().data_key(recording)


@pytest.fixture
def keys() -> CountingKeys:
    made = CountingKeys()
    for recording in (FIRST, SECOND):
        made.create(recording)
    return made


def test_many_texts_of_a_recording_are_read_with_its_key_asked_for_once(
    keys: CountingKeys,
) -> None:
    first = a_transaction(keys)
    sealed = {each: first.seal("ord", recording=each, place="notes/1") for each in (FIRST, SECOND)}
    keys.asked.clear()
    tx = a_transaction(keys)
    for recording, text in sealed.items():
        for _ in range(3):
            assert tx.unseal(text, recording=recording, place="notes/1") == "ord"
    assert keys.asked == {FIRST: 1, SECOND: 1}


def test_each_transaction_asks_anew(keys: CountingKeys) -> None:
    sealed = a_transaction(keys).seal("ord", recording=FIRST, place="notes/1")
    assert a_transaction(keys).unseal(sealed, recording=FIRST, place="notes/1") == "ord"
    keys.destroy(FIRST)
    with pytest.raises(KeyDestroyed):
        a_transaction(keys).unseal(sealed, recording=FIRST, place="notes/1")


def test_nothing_is_written_under_a_key_that_was_destroyed_meanwhile(keys: CountingKeys) -> None:
    tx = a_transaction(keys)
    sealed = tx.seal("ord", recording=FIRST, place="notes/1")
    tx.unseal(sealed, recording=FIRST, place="notes/1")
    keys.destroy(FIRST)
    with pytest.raises(KeyDestroyed):
        tx.seal("mere", recording=FIRST, place="notes/2")


def test_what_a_transaction_says_of_itself_shows_no_key(keys: CountingKeys) -> None:
    tx = a_transaction(keys)
    sealed = tx.seal("ord", recording=FIRST, place="notes/1")
    tx.unseal(sealed, recording=FIRST, place="notes/1")
    assert repr(keys.data_key(FIRST)) not in repr(tx)


def a_transaction(keys: CountingKeys) -> Transaction:
    return Transaction(Session(), keys, NOW)
