"""Short texts in database rows: turns, notes, names. Files are sealed in stream.py.

A sealed text is ``version byte, 96-bit random nonce, ciphertext, tag``. The key that encrypts
is derived from the one that is given, so a recording's key may serve here and for its files.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.vault.errors import TamperedText
from storage.vault.segments import KEY_BYTES, TAG_BYTES

VERSION = b"\x01"
NONCE_BYTES = 12
"""Random ones suffice for 2**32 texts under one key (NIST SP 800-38D, 8.3)."""


def seal(text: str | bytes, *, key: bytes, associated_data: bytes) -> bytes:
    """Return the text, sealed for the row that the associated data names."""
    content = text.encode() if isinstance(text, str) else text
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + _aead(key).encrypt(nonce, content, VERSION + associated_data)


def unseal(sealed: bytes, *, key: bytes, associated_data: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        TamperedText: It was sealed for another row, with another key, or was changed.
    """
    if len(sealed) < len(VERSION) + NONCE_BYTES + TAG_BYTES or not sealed.startswith(VERSION):
        raise TamperedText(f"{len(sealed)} bytes of an unknown version")
    nonce = sealed[len(VERSION) :][:NONCE_BYTES]
    content = sealed[len(VERSION) + NONCE_BYTES :]
    try:
        return _aead(key).decrypt(nonce, content, VERSION + associated_data)
    except InvalidTag:
        raise TamperedText from None


def unseal_text(sealed: bytes, *, key: bytes, associated_data: bytes) -> str:
    """Return the text that was sealed; see ``unseal``."""
    return unseal(sealed, key=key, associated_data=associated_data).decode()


def _aead(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key has {len(key)} bytes, not {KEY_BYTES}")
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"samspil text v1")
    return AESGCM(derivation.derive(key))
