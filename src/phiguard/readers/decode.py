"""JSON and mappings into posts; what is wrong is named by its field, never by its value."""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Mapping

import msgspec

from phiguard.model import Media, Parent, Post
from phiguard.readers.record import Fault

__all__ = ["Decoded", "decode_mapping", "decode_post"]

Decoded = tuple[Post | None, Fault | None, tuple[str, ...]]
"""A post or a fault, and the names of the keys that were not understood."""

_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_POST = msgspec.json.Decoder(Post)
_TOP = frozenset(Post.__struct_fields__)
_PARENT = frozenset(Parent.__struct_fields__)
_MEDIA = frozenset(Media.__struct_fields__)

_WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<field>.*)`)?", re.DOTALL)
# Only these sentences of msgspec are passed on: others (enums, for one) quote the value.
_SAFE = re.compile(
    r"Expected `[\w| ]+`(?:, got `[\w| ]+`)?|Object missing required field `\w+`|Number out of range"
    r"|Invalid RFC3339 encoded datetime|Integer value out of range|Expected `array` of .*"
)
_PATH = re.compile(r"[a-z_]+(?:\[(?:\d+|\.\.\.)\])?(?:\.[a-z_]+(?:\[(?:\d+|\.\.\.)\])?)*")
# A longer or stranger key may be something that a person wrote, so it is counted without its name.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
UNNAMED = "(a name that is not shown)"

_TIMES = ("posted_at", "received_at", "answered_at")
_LEAVES: dict[str, type] = {"reply_to": Parent, "media": Media}


def decode_post(line: bytes) -> Decoded:
    """The post of one line of JSON.

    >>> decode_post(b'{"text": "Hello", "likes": 3}')
    (Post(direction=None, text=<5 characters>), None, ('likes',))
    >>> decode_post(b'{"text": "Hello", "platform": "myspace"}')[1].field
    'platform'
    """
    try:
        post = _POST.decode(line)
    except msgspec.ValidationError as error:
        fault = _fault_of(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_leniently(line)
    else:
        try:
            return _timely(post, _unknown_of(_KEYS.decode(line)))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):  # in a field that no post has
            return _decode_leniently(line)
    if fault.field in {"id", "thread", "reply_to.id"} or "missing" in fault.reason:
        # Ids may be numbers; and "text" is asked for by its name.
        return _decode_leniently(line)
    return None, fault, ()


def decode_mapping(record: object, *, strict: bool = True) -> Decoded:
    """The post of a mapping (YAML, a CSV row). ``strict=False`` also reads numbers and yes/no from strings.

    >>> decode_mapping({"text": "Hello", "id": 17})[0].id
    '17'
    >>> print(decode_mapping({"body": "Hello"})[1])
    field text: is missing
    """
    if not isinstance(record, Mapping):
        return None, Fault(reason="a post is a mapping with at least a text"), ()
    unknown = _unknown_of({str(key): value for key, value in record.items()})
    if record.get("text") is None:
        return None, Fault(reason="is missing", field="text"), unknown
    tidy = dict(record)
    _spell_numbers(tidy, "id", "thread")
    if isinstance(tidy.get("reply_to"), Mapping):
        tidy["reply_to"] = parent = dict(tidy["reply_to"])
        _spell_numbers(parent, "id")
    try:
        return _timely(msgspec.convert(tidy, Post, strict=strict), unknown)
    except msgspec.ValidationError as error:
        fault = _fault_of(str(error))
    except UnicodeEncodeError:
        fault = Fault(reason="a name of a field in it is not text")
    return None, fault, unknown


def _spell_numbers(record: dict[str, object], *names: str) -> None:
    """Exports often number their posts."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            record[name] = str(value)


def _timely(post: Post, unknown: tuple[str, ...]) -> Decoded:
    """The post, unless a time in it is at the end of time: it could not be told in another zone."""
    for name in _TIMES:
        at = getattr(post, name)
        if at is not None and not 1 < at.year < 9999:
            return None, Fault(reason="is not a time that can be", field=name), unknown
    return post, None, unknown


def _decode_leniently(line: bytes) -> Decoded:
    """A second reading, which takes numbers of any size and lone surrogates: both are legal in JSON, and refused by msgspec."""
    import json  # noqa: PLC0415  seldom needed

    try:
        record = json.loads(line.decode(), parse_constant=_refuse)
    except UnicodeDecodeError:
        return None, Fault(reason="is not UTF-8"), ()
    except RecursionError:
        return None, Fault(reason="is nested too deeply"), ()
    except ValueError:
        return None, Fault(reason="is not JSON"), ()
    return decode_mapping(record)


def _refuse(_name: str) -> typing.NoReturn:
    raise ValueError


def _fault_of(message: str) -> Fault:
    found = _WHERE.fullmatch(message)
    what, field = (found["what"], found["field"] or "") if found else ("", "")
    if not _PATH.fullmatch(field):
        field = ""
    if what.startswith("Invalid enum value"):
        return Fault(reason=f"is none of: {', '.join(_choices(field))}", field=field)
    if what.startswith("Object missing required field"):
        name = what.split("`")[1]
        return Fault(reason="is missing", field=f"{field}.{name}" if field else name)
    if what.startswith("Invalid RFC3339"):
        return Fault(reason="is not a time like 2026-05-01T09:30:00-05:00", field=field)
    return Fault(reason=_plain(what) if _SAFE.fullmatch(what) else "is not valid", field=field)


def _plain(what: str) -> str:
    if what.startswith("Expected `object`"):
        return "a post is an object with at least a text"
    return what[0].lower() + what[1:]


@functools.cache
def _choices(field: str) -> tuple[str, ...]:
    """The values that a field may have, from its type."""
    head, _, name = field.rpartition(".")
    owner = _LEAVES.get(head.partition("[")[0], Post)
    kind = typing.get_type_hints(owner).get(name.partition("[")[0])
    found: list[str] = []
    for part in (kind, *typing.get_args(kind)):
        if typing.get_origin(part) is typing.Literal:
            found += typing.get_args(part)
    return tuple(found)


def _unknown_of(keys: Mapping[str, object]) -> tuple[str, ...]:
    if "reply_to" not in keys and "media" not in keys:
        return _unknown_names(tuple(keys))
    unknown = [*_unknown_names(tuple(keys))]
    parent, media = keys.get("reply_to"), keys.get("media")
    if isinstance(parent, msgspec.Raw):
        parent = msgspec.json.decode(parent)
    if isinstance(media, msgspec.Raw):
        media = msgspec.json.decode(media)
    if isinstance(parent, Mapping):
        unknown += [f"reply_to.{_shown(key)}" for key in parent if key not in _PARENT]
    for item in media if isinstance(media, list) else ():
        if isinstance(item, Mapping):
            unknown += [f"media.{_shown(key)}" for key in item if key not in _MEDIA]
    return tuple(dict.fromkeys(unknown))


@functools.lru_cache(maxsize=1024)  # the records of a stream have the same few sets of keys
def _unknown_names(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_shown(key) for key in keys if key not in _TOP))


def _shown(key: object) -> str:
    return key if isinstance(key, str) and _NAME.fullmatch(key) else UNNAMED
