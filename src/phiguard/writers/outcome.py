"""What a writer is given: one post's screening, or the fault of one record, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from phiguard.kinds.base import Rule
from phiguard.model import SEVERITIES, Direction, Finding, Screening, Severity
from phiguard.readers.record import Fault, Place

__all__ = [
    "Outcome",
    "Unread",
    "View",
    "Written",
    "is_at_least",
    "plural",
    "wire",
    "without_controls",
]


_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
# C0, C1, soft hyphen, zero-width and directional marks, invisible operators, annotations, surrogates, tags.
_CONTROLS = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One record's end: exactly one of ``screening`` and ``fault``.

    It holds words of the post only in ``excerpts``, and those only if asked for.
    """

    place: Place
    screening: Screening | None = None
    fault: Fault | None = None
    direction: Direction | None = None
    excerpts: tuple[tuple[str, ...], ...] | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of the record was screened."""
        return self.screening is not None and self.screening.complete

    @property
    def standing(self) -> str:
        """What the post asks of people: its verdict, or ``answer`` if nothing is wrong but somebody must act."""
        screening = self.screening
        if screening is None:
            return "unread"
        return "answer" if screening.routes and screening.verdict in {"pass", "note"} else screening.verdict

    @property
    def is_incoming(self) -> bool:
        """Whether somebody else than the organization speaks."""
        return self.direction is not None and self.direction.startswith("inbound")

    def findings(self) -> Iterator[tuple[Finding, tuple[str, ...]]]:
        """Each finding with its words (none unless they were asked for)."""
        for index, finding in enumerate(self.screening.findings if self.screening else ()):
            yield finding, self.excerpts[index] if self.excerpts is not None else ()


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How to write: the rules by id, the severity that fails, colors, the width of the terminal."""

    rule: Callable[[str], Rule | None]
    fail_on: Severity | None = "medium"
    color: bool = False
    width: int = 100
    version: str = ""
    limit: int = 20

    def fails(self, finding: Finding) -> bool:
        """Whether the finding reaches the severity that fails."""
        return self.fail_on is not None and is_at_least(finding.severity, self.fail_on)


class Written(Screening, frozen=True, kw_only=True, omit_defaults=False):
    """A screening as the command line writes it: with the file and line it comes from.

    ``excerpts`` holds the words of each finding, and is there only with ``--reveal``.
    """

    file: str | msgspec.UnsetType = msgspec.UNSET
    line: int | msgspec.UnsetType = msgspec.UNSET
    revealed: tuple[tuple[str, ...], ...] | msgspec.UnsetType = msgspec.field(
        default=msgspec.UNSET, name="excerpts"
    )


class Unread(msgspec.Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    """A record that could not be screened, as the command line writes it: what is wrong, never its content."""

    error: str
    field: str | msgspec.UnsetType = msgspec.UNSET
    file: str | msgspec.UnsetType = msgspec.UNSET
    line: int | msgspec.UnsetType = msgspec.UNSET


def wire(outcome: Outcome) -> Written | Unread:
    """The outcome as the wire schema has it."""
    file: str | msgspec.UnsetType = encodable(outcome.place.path) or msgspec.UNSET
    line: int | msgspec.UnsetType = outcome.place.line if file else msgspec.UNSET
    screening = outcome.screening
    if screening is None:
        fault = outcome.fault or Fault(reason="was not screened")
        return Unread(error=fault.reason, field=fault.field or msgspec.UNSET, file=file, line=line)
    return Written(
        id=encodable(screening.id),
        verdict=screening.verdict,
        findings=screening.findings,
        routes=screening.routes,
        complete=screening.complete,
        unscreened=screening.unscreened,
        suppressed=screening.suppressed,
        file=file,
        line=line,
        revealed=msgspec.UNSET
        if outcome.excerpts is None
        else tuple(tuple(encodable(words) for words in group) for group in outcome.excerpts),
    )


def encodable(text: str) -> str:
    r"""``text`` with lone surrogates written as escapes: they have no UTF-8.

    >>> encodable("a" + chr(0xD800))
    'a\\ud800'
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Whether ``severity`` is ``least`` or worse.

    >>> is_at_least("high", "medium"), is_at_least("info", "low")
    (True, False)
    """
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def plural(count: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> plural(1, "post"), plural(1200, "post"), plural(0, "reply", "replies")
    ('1 post', '1,200 posts', '0 replies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def without_controls(text: str) -> str:
    """``text`` on one line, with nothing in it that a terminal obeys or that reorders what is read.

    >>> without_controls("a" + chr(27) + "[31m" + chr(10) + "b" + chr(0x202E))
    'a�[31m b�'
    """
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text))
