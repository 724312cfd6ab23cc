"""Texts that ask most of a regular expression, made from the expression itself."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

__all__ = ["nested_repeat", "pumped"]

_MANY = 20
"""A repeat that may go so far is pumped like one without bound."""


def pumped(regex: str) -> Iterator[tuple[str, str]]:
    """``(unit, tail)``: the unit repeated to any length, then the tail, is a long match of ``regex``, or nearly one.

    >>> list(pumped("[a-z]+@x"))
    [('a', '@x'), ('a', ''), ('a@x', ''), ('a@x ', '')]
    """
    tree = _parsed(regex)
    if tree is None:
        return
    for unit, tail in _repeats(list(tree), ""):
        yield unit, tail
        yield unit, ""
    whole = _sampled(tree)
    yield whole, ""
    yield f"{whole} ", ""


def nested_repeat(regex: str) -> str | None:
    """What is repeated without bound inside a repeat without bound, with nothing that must stand between.

    >>> nested_repeat("(?:[a-z]+ ?)+!")
    'letters like "a"'
    >>> nested_repeat("(?:[a-z]+ )+!")
    """
    tree = _parsed(regex)
    return None if tree is None else next(_nested(list(tree)), None)


def _parsed(regex: str) -> Any:
    # Python's own parser reads what the engine's does, but for a few rare classes; None for what it does not read.
    parser = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser.parse(regex)
    except (ValueError, RecursionError, OverflowError):
        return None
    except Exception as error:  # re.error has another name and another home in each Python
        if type(error).__name__ in {"error", "PatternError"}:
            return None
        raise


def _children(op: str, value: Any) -> list[Any]:
    """The inner sequences of one node."""
    if op == "SUBPATTERN":
        return [value[-1]]
    if op == "ATOMIC_GROUP":
        return [value]
    if op == "BRANCH":
        return list(value[1])
    if op.endswith("_REPEAT"):
        return [value[2]]
    return []


def _repeats(nodes: list[Any], tail: str) -> Iterator[tuple[str, str]]:
    """Each long repeat of a sequence, with a sample of what follows it."""
    for at, (op, value) in enumerate(nodes):
        after = _sampled(nodes[at + 1 :]) + tail
        name = str(op)
        if name.endswith("_REPEAT") and int(value[1]) >= _MANY:
            yield _sampled(value[2]), after
            if len(value[2]) == 1 and str(value[2][0][0]) == "IN" and (unit := _broken(value[2][0][1])):
                yield unit, after
        for inner in _children(name, value):
            yield from _repeats(list(inner), after)


def _nested(nodes: list[Any]) -> Iterator[str]:
    for op, value in nodes:
        for inner in _children(str(op), value):
            if _is_endless(op, value) and (found := _endless_alone(list(inner))):
                yield found
            yield from _nested(list(inner))


def _is_endless(op: Any, value: Any) -> bool:
    return str(op).endswith("_REPEAT") and str(value[1]) == "MAXREPEAT"


def _endless_alone(nodes: list[Any]) -> str | None:
    """The endless repeat of a sequence in which nothing else must stand."""
    musts = [node for node in nodes if not _may_be_empty(node)]
    if len(musts) > 1:
        return None
    for op, value in musts or nodes:
        if _is_endless(op, value):
            return f'letters like "{_sampled(value[2])}"'
        for inner in _children(str(op), value):
            if found := _endless_alone(list(inner)):
                return found
    return None


def _may_be_empty(node: Any) -> bool:
    op, value = node
    name = str(op)
    if name.endswith("_REPEAT"):
        return int(value[0]) == 0
    if name in {"SUBPATTERN", "ATOMIC_GROUP"}:
        return all(_may_be_empty(one) for one in _children(name, value)[0])
    if name == "BRANCH":
        return any(all(_may_be_empty(one) for one in branch) for branch in value[1])
    return name.startswith(("AT", "ASSERT"))


def _sampled(nodes: Any) -> str:
    """A short text that a sequence matches."""
    return "".join(_sample_of(str(op), value) for op, value in nodes)


def _sample_of(op: str, value: Any) -> str:
    if op == "LITERAL":
        return chr(value)
    if op == "NOT_LITERAL":
        return "b" if chr(value) == "a" else "a"
    if op == "ANY":
        return "a"
    if op == "IN":
        return _member(value)
    if op.endswith("_REPEAT"):
        return _sampled(value[2]) * max(int(value[0]), 1)
    inner = _children(op, value)
    return _sampled(inner[0]) if inner else ""


_CLASSES = {"CATEGORY_DIGIT": "5", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}


def _member(items: list[Any]) -> str:
    """A character of a class: a letter or digit if it has one."""
    if str(items[0][0]) == "NEGATE":
        barred = [(str(op), value) for op, value in items[1:]]
        return next((one for one in "aQ5 -" if not any(_holds(item, one) for item in barred)), "a")
    told = [(str(op), value) for op, value in items]
    for one in "aQ5":
        if any(_holds(item, one) for item in told):
            return one
    op, value = told[0]
    return (
        chr(value) if op == "LITERAL" else chr(value[0]) if op == "RANGE" else _CLASSES.get(str(value), "-")
    )


def _broken(items: list[Any]) -> str | None:
    """A letter and a sign of a class, so that a word begins at every second character."""
    told = [(str(op), value) for op, value in items]
    if told[0][0] == "NEGATE":
        return None
    sign = next((one for one in ".-_ '/" if any(_holds(item, one) for item in told)), None)
    letter = next((one for one in "aQ5" if any(_holds(item, one) for item in told)), None)
    return letter + sign if letter and sign else None


def _holds(item: tuple[str, Any], char: str) -> bool:
    op, value = item
    if op == "LITERAL":
        return bool(ord(char) == value)
    if op == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    return bool(
        {
            "CATEGORY_DIGIT": char.isdigit(),
            "CATEGORY_NOT_DIGIT": not char.isdigit(),
            "CATEGORY_SPACE": char.isspace(),
            "CATEGORY_NOT_SPACE": not char.isspace(),
            "CATEGORY_WORD": char.isalnum(),
            "CATEGORY_NOT_WORD": not char.isalnum(),
        }.get(str(value), False)
    )
