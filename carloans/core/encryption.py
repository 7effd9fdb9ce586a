"""Single values under authenticated encryption: AES-256-GCM with keys that can be rotated.

A token is `e1.<key id>.<base64 of nonce, ciphertext and tag>`. The key id says which key of FIELD_ENCRYPTION_KEYS
made it, so that the right one is taken at once, a missing one can be named, and the database can count what is still
under an old one. Tokens of the older format (Fernet) are read as well and never written.

Nonces are random: NIST SP 800-38D (8.3) allows 2**32 values under one key.
"""

from __future__ import annotations

import base64
import os
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from carloans.core.errors import Bug

#: The format, the key id of 8 hexadecimal digits, a dot.
FORMAT = "e1."
HEADER_LENGTH = len(FORMAT) + 8 + 1
_NONCE = 12


class UnreadableValue(Bug):
    """A stored value that the configured keys cannot read. Its text tells the operator what to do, and no value."""

    code = "unreadable_value"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.args = (f"{self.code}: {reason}",)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The configured keys, ready for use: the first encrypts, all decrypt."""

    #: by token header, the current one first
    keys: dict[str, AESGCM]
    current: str
    older: MultiFernet

    def ids(self) -> list[str]:
        """The key ids in the order of the setting; the first one encrypts."""
        return [id_in(header) for header in self.keys]


def id_in(header: str) -> str:
    """The key id in the header of a token."""
    return header[len(FORMAT) : len(FORMAT) + 8]


def key_id(key: str) -> str:
    """The public name of a key: derived one way, so that it may stand in tokens, reports and logs."""
    return _derived(key, b"carloans.field-encryption.key-id", 4).hex()


def _derived(key: str, purpose: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869) of the configured key for one purpose."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(base64.urlsafe_b64decode(key))


@lru_cache(maxsize=4)
def _keyring(keys: tuple[str, ...]) -> Keyring:
    ciphers = {
        f"{FORMAT}{key_id(key)}.": AESGCM(_derived(key, b"carloans.field-encryption.aes-256-gcm", 32)) for key in keys
    }
    return Keyring(ciphers, next(iter(ciphers)), MultiFernet([Fernet(key) for key in keys]))


def keyring() -> Keyring:
    """The keys of FIELD_ENCRYPTION_KEYS."""
    global _last
    keys = settings.FIELD_ENCRYPTION_KEYS
    # Asked for every value: hashing the keys each time would cost as much as the cipher itself.
    if _last is None or _last[0] is not keys:
        _last = (keys, _keyring(tuple(keys)))
    return _last[1]


_last: tuple[list[str], Keyring] | None = None


def encrypt(value: str) -> str:
    """The value as a token under the first key. Empty stays empty, so that absence can be queried."""
    if not value:
        return ""
    ring = keyring()
    nonce = os.urandom(_NONCE)
    sealed = ring.keys[ring.current].encrypt(nonce, value.encode(), ring.current.encode())
    return ring.current + b2a_base64(nonce + sealed, newline=False).decode()


def decrypt(token: str) -> str:
    """The value of a token made by `encrypt`, by any of the keys. Raises UnreadableValue, never an empty value."""
    if not token:
        return ""
    header = token[:HEADER_LENGTH]
    cipher = keyring().keys.get(header)
    if cipher is None:
        return _by_other_means(token)
    try:
        raw = a2b_base64(token[HEADER_LENGTH:])
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], header.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise UnreadableValue(f"a value under key {id_in(header)} was damaged or changed. Restore its row.") from error


def _by_other_means(token: str) -> str:
    """A token of the older format; one of a key that we do not have raises."""
    ring = keyring()
    if token.startswith(FORMAT):
        raise UnreadableValue(
            f"the value was encrypted with key {id_in(token)}, and FIELD_ENCRYPTION_KEYS holds {', '.join(ring.ids())}."
            " Append the missing key to FIELD_ENCRYPTION_KEYS and restart."
        )
    try:
        return ring.older.decrypt(token.encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        raise UnreadableValue(
            "a value of the older format was damaged, or its key is not in FIELD_ENCRYPTION_KEYS. Append the key that"
            " was in use when it was written, and restart."
        ) from error
