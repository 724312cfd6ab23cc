"""Presidio's operators, as redaction uses them. Importing this imports Presidio: it is imported when something is to be redacted."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from presidio_anonymizer import AnonymizerEngine, DeanonymizeEngine
from presidio_anonymizer.entities import OperatorConfig, OperatorResult, RecognizerResult
from presidio_anonymizer.operators import Decrypt, Encrypt, Hash, Operator, OperatorType

from phiguard.placeholders import AES, HASH, LETTERS, tokens
from phiguard.redaction.pseudonyms import Pseudonyms, plain_words
from phiguard.redaction.secret import Secret
from phiguard.redaction.spans import Place
from phiguard.redaction.values import Item, RedactionError

__all__ = ["operate", "operator_configs", "restored"]

_HEX = str.maketrans("0123456789abcdef", LETTERS)
_UNHEX = str.maketrans(LETTERS, "0123456789abcdef")
_DIGEST = 16  # letters: 64 bits tell the people of any organization apart
_WHOLE = 1 << 30  # more characters than any text has


class _KeyedHash(Hash):
    """Presidio's salted hash of a value as it reads, in a token that names its kind."""

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:
        params = params or {}
        label = params["entity_type"]
        value = " ".join(plain_words(text or "", name=label == "PERSON")) or text or ""
        digest = super().operate(text=f"{label}:{_encodable(value)}", params=params)
        return f"<{label}:{HASH}:{digest[:_DIGEST].translate(_HEX)}>"


class _SealedEncrypt(Encrypt):
    """Presidio's operator with AES-SIV (RFC 5297): the same value, label and key give the same token, in any run.

    The synthetic initialization vector is a seal too: it tells whether a key opens the token.
    """

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:
        params = params or {}
        label = params["entity_type"]
        content = AESSIV(params["key"]).encrypt(_encodable(text or "").encode("utf-8"), [label.encode()])
        return f"<{label}:{AES}:{content.hex().translate(_HEX)}>"

    def validate(self, params: dict[str, Any] | None = None) -> None:
        AESSIV((params or {})["key"])


class _OpenSealed(Decrypt):
    """The way back from `_SealedEncrypt`; raises `RedactionError` for a token of another key."""

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:
        params = params or {}
        _, _, label, letters = next(tokens(text or "", AES))
        try:
            content = bytes.fromhex(letters.translate(_UNHEX))
        except ValueError:
            content = b""
        try:
            opened = AESSIV(params["key"]).decrypt(content, [label.encode()])
        except (InvalidTag, ValueError):
            raise RedactionError("was not encrypted with this key, or was changed since") from None
        return _decoded(opened.decode("utf-8"))

    def validate(self, params: dict[str, Any] | None = None) -> None:
        AESSIV((params or {})["key"])


class _Pseudonym(Operator):
    """The pseudonym of a value in its conversation."""

    def operate(self, text: str | None = None, params: dict[str, Any] | None = None) -> str:
        params = params or {}
        names: Pseudonyms = params["names"]
        return names.of(params["entity_type"], text or "")

    def validate(self, params: dict[str, Any] | None = None) -> None:
        del params

    def operator_name(self) -> str:
        return "pseudonym"

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize


def _encodable(text: str) -> str:
    """``text`` with the bytes of half pairs as characters: Presidio encodes as UTF-8, which has no half pairs."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1") if not text.isascii() else text


def _decoded(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogatepass") if not text.isascii() else text


@functools.cache
def _engines() -> tuple[AnonymizerEngine, DeanonymizeEngine]:
    forward = AnonymizerEngine()  # type: ignore[no-untyped-call]
    back = DeanonymizeEngine()  # type: ignore[no-untyped-call]
    for own in (_KeyedHash, _SealedEncrypt, _Pseudonym):
        forward.add_anonymizer(own)  # under the names of Presidio's: they stand in for them
    back.add_deanonymizer(_OpenSealed)
    return forward, back


def operator_configs(secret: Secret | None, names: Pseudonyms) -> dict[str, OperatorConfig]:
    """The configuration of each operator by its name; without ``secret`` those that need none."""
    found = {
        "replace": OperatorConfig("replace", {}),
        "redact": OperatorConfig("redact", {}),
        "mask": OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": _WHOLE, "from_end": False}),
        "pseudonym": OperatorConfig("pseudonym", {"names": names}),
    }
    if secret is not None:
        found["hash"] = OperatorConfig("hash", {"salt": secret.derived("hash")})
        found["encrypt"] = OperatorConfig("encrypt", _aes(secret))
    return found


def _aes(secret: Secret) -> dict[str, bytes]:
    return {"key": secret.derived("encrypt") + secret.derived("seal")}


def operate(
    text: str, field: str, places: Sequence[Place], configs: dict[str, OperatorConfig]
) -> tuple[str, list[Item]]:
    """``text`` with the operators of ``configs`` (by label, or ``DEFAULT``) applied to disjoint places, and where they now stand."""
    results = [RecognizerResult(place.label, place.start, place.end, place.score) for place in places]
    done = _engines()[0].anonymize(text, results, dict(configs), merge_entities_with_spaces=False)
    items = [Item(field, item.start, item.end, item.entity_type, item.operator) for item in done.items]
    return done.text, sorted(items, key=lambda item: item.start)


def restored(text: str, secret: Secret) -> str:
    """``text`` with every encrypted token opened. Raises `RedactionError` if the key does not open one of them."""
    found = [OperatorResult(start, end, label) for start, end, label, _ in tokens(text, AES)]
    if not found:
        return text
    config = {"DEFAULT": OperatorConfig("decrypt", _aes(secret))}
    return str(_engines()[1].deanonymize(text, found, config).text)
