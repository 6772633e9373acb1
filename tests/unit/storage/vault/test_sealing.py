"""Short texts in rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.errors import TamperedText
from storage.vault.sealing import seal, unseal, unseal_text

KEY = bytes(range(32))
ROW = b"recording-1|turn-7"


@given(text=st.text())
def test_a_text_comes_back(text: str) -> None:
    assert (
        unseal_text(seal(text, key=KEY, associated_data=ROW), key=KEY, associated_data=ROW) == text
    )


@given(content=st.binary())
def test_bytes_come_back(content: bytes) -> None:
    assert (
        unseal(seal(content, key=KEY, associated_data=ROW), key=KEY, associated_data=ROW) == content
    )


@given(content=st.binary(max_size=50), place=st.floats(0, 1, exclude_max=True))
def test_any_changed_byte_is_refused(content: bytes, place: float) -> None:
    sealed = bytearray(seal(content, key=KEY, associated_data=ROW))
    sealed[int(place * len(sealed))] ^= 1
    with pytest.raises(TamperedText):
        unseal(bytes(sealed), key=KEY, associated_data=ROW)


@pytest.mark.parametrize(
    ("key", "row"), [(bytes(32), ROW), (KEY, b"recording-1|turn-8"), (KEY, b"")]
)
def test_another_row_or_key_is_refused(key: bytes, row: bytes) -> None:
    with pytest.raises(TamperedText):
        unseal(seal("words", key=KEY, associated_data=ROW), key=key, associated_data=row)


@given(rubbish=st.binary(max_size=40))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(TamperedText):
        unseal(rubbish, key=KEY, associated_data=ROW)


def test_the_same_text_never_looks_the_same() -> None:
    assert seal("a", key=KEY, associated_data=ROW) != seal("a", key=KEY, associated_data=ROW)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="not 32"):
        seal("a", key=b"short", associated_data=ROW)
