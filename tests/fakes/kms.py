"""A key management service as the port promises it: keys are made and used in it, never shown."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.vault.errors import KekMissing, TamperedText

NONCE_BYTES = 12


class FakeKms:
    """Names its keys by number, as a service does that lets nobody look at them."""

    def __init__(self) -> None:
        self._keys: dict[str, AESGCM] = {}
        self._made = 0

    def ids(self) -> Sequence[str]:
        return list(reversed(self._keys))

    def create(self, *, other_than: str | None = None) -> str:  # noqa: ARG002 - always new
        self._made += 1
        name = f"key/{self._made}"
        self._keys[name] = AESGCM(AESGCM.generate_key(256))
        return name

    def destroy(self, kek: str) -> bool:
        self._keys.pop(kek, None)
        return True

    def wrap(self, secret: bytes, *, kek: str, associated_data: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._key(kek).encrypt(nonce, secret, associated_data)

    def unwrap(self, wrapped: bytes, *, kek: str, associated_data: bytes) -> bytes:
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return self._key(kek).decrypt(nonce, sealed, associated_data)
        except InvalidTag:
            raise TamperedText from None

    def _key(self, kek: str) -> AESGCM:
        if kek not in self._keys:
            raise KekMissing(kek)
        return self._keys[kek]
