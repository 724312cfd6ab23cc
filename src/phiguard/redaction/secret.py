"""The key that hashes and encrypts: where it comes from, and the keys that are derived from it."""

from __future__ import annotations

import hmac
import os

from phiguard.redaction.values import RedactionError

__all__ = ["KEY_VARIABLE", "Secret"]

KEY_VARIABLE = "PHIGUARD_KEY"
_LEAST = 16  # bytes
_MAKE = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


class Secret:
    """A key, and the keys derived from it for each purpose.

    Args:
        key: the key itself; without, the environment variable ``PHIGUARD_KEY``.

    Raises:
        RedactionError: there is none, or it is too short.
    """

    __slots__ = ("_key",)

    def __init__(self, key: str | bytes | None = None) -> None:
        found = os.environ.get(KEY_VARIABLE, "") if key is None else key
        content = found.encode("utf-8", "surrogateescape") if isinstance(found, str) else found
        content = content.strip()
        if len(content) < _LEAST:
            wrong = f"the key is shorter than {_LEAST} bytes" if content else "there is no key"
            raise RedactionError(
                f"{wrong}: hash and encrypt need one. Make one with {_MAKE}, keep it secret and safe, and give it as {KEY_VARIABLE}, "
                "as --key-file, or as key=."
            )
        self._key = content

    def __repr__(self) -> str:
        return "Secret()"

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose: who learns one of them learns nothing of the others."""
        return hmac.digest(self._key, b"phiguard redaction " + purpose.encode(), "sha256")
