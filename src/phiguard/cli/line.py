"""Records to outcomes to an exit code: what `screen`, `scan` and `hook` share."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from phiguard.cli.exits import Exit
from phiguard.model import SEVERITIES, Finding, Post, Screening, Severity
from phiguard.readers.record import Place, Record, anchors_of
from phiguard.writers.outcome import Outcome, View

if TYPE_CHECKING:
    import datetime as dt

    from phiguard.kinds.base import Rule
    from phiguard.profile import Profile
    from phiguard.screener import Screener
    from phiguard.series import Report

__all__ = ["Tally", "is_colored", "make_screener", "outcomes_of", "stdout", "version", "view_of"]


class Tally(msgspec.Struct):
    """What decides the exit code, and the suppressions that were met."""

    failing: int = 0
    unscreened: int = 0
    met: set[str] = msgspec.field(default_factory=set)

    @property
    def exit(self) -> Exit:
        """3 before 1: whoever acts on findings must not take an incomplete scan for a whole one."""
        if self.unscreened:
            return Exit.NOT_SCREENED
        return Exit.FINDINGS if self.failing else Exit.CLEAN


def make_screener(profile: Path | None, packs: tuple[Path, ...], *, today: dt.date | None = None) -> Screener:
    """A screener for the profile that is named, or found from the working directory upwards."""
    from phiguard.profile import load_profile
    from phiguard.screener import Screener

    # Compiled rules are many objects that all stay: collecting among them doubles the time to the first answer.
    gc.disable()
    return Screener(load_profile(profile), packs=packs, today=today)


def outcomes_of(
    screener: Screener,
    records: Iterable[Record],
    view: View,
    tally: Tally,
    *,
    reveal: bool = False,
    defaults: Mapping[str, object] | None = None,
) -> Iterator[Outcome]:
    """The outcome of each record, in order, counted in ``tally``. ``defaults`` fill what a post leaves open."""
    keeps_keys = bool(screener.profile.suppressions)
    for record in records:
        post, place = record.post, record.place
        if post is None:
            tally.unscreened += 1
            yield Outcome(place=place, fault=record.fault, unknown=record.unknown)
            continue
        if defaults:
            open_fields = {name: value for name, value in defaults.items() if getattr(post, name) is None}
            post = msgspec.structs.replace(post, **open_fields) if open_fields else post
        screening = screener.screen(post)
        if not gc.isenabled():  # see make_screener: by now everything is loaded that is loaded on first use
            gc.freeze()
            gc.enable()
        tally.unscreened += not screening.complete
        tally.failing += any(view.fails(finding) for finding in screening.findings)
        if keeps_keys and (screening.findings or screening.suppressed):
            from phiguard.policy import met_keys

            tally.met |= met_keys(post, screening)
        yield Outcome(
            place=place,
            screening=screening,
            direction=post.direction,
            excerpts=screening.excerpts(post) if reveal else None,
            unknown=record.unknown,
        )


def unused_suppressions(screener: Screener, tally: Tally) -> tuple[Finding, ...]:
    """A finding for each suppression that nothing met."""
    if not screener.profile.suppressions:
        return ()
    from phiguard.policy import unused

    return unused(screener.profile, tally.met)


def profile_outcome(screener: Screener, tally: Tally, profile: Path | None) -> Outcome | None:
    """The suppressions that nothing met in a whole scan, as findings in the profile."""
    from phiguard.profile import find_profile

    found = unused_suppressions(screener, tally)
    if not found:
        return None
    path = profile or find_profile(Path())
    return Outcome(
        place=Place(path=os.path.relpath(path) if path else "phiguard.yaml"),
        screening=Screening(verdict="note", findings=found),
        excerpts=None,
    )


def series_outcomes(
    report: Report, profile: Profile, tally: Tally, view: View, path: str
) -> Iterator[Outcome]:
    """What the posts show together, one outcome for each finding, counted in ``tally``."""
    from phiguard.policy import decide

    for finding in report.findings:
        tally.failing += view.fails(finding)
        screening = Screening(
            verdict=decide((finding,), (), profile),
            findings=(finding,),
            routes=(finding.route,) if finding.route else (),
        )
        yield Outcome(place=Place(path=path), screening=screening)


def view_of(
    screener: Screener, fail_on: str, *, form: str | None = None, color: bool = False, limit: int = 20
) -> View:
    """How to write what this screener finds."""
    by_id: dict[str, Rule] = {rule.id: rule for rule in screener.rules.rules}
    return View(
        rule=by_id.get,
        fail_on=None if fail_on == "never" else _severity(fail_on),
        color=color,
        version=version() if form == "sarif" else "",
        width=min(100, shutil.get_terminal_size((100, 24)).columns),
        limit=limit,
    )


def _severity(name: str) -> Severity:
    return next(severity for severity in SEVERITIES if severity == name)


def is_colored(stream: object) -> bool:
    """Whether colors are wanted: a terminal that is not dumb, and no ``NO_COLOR``."""
    is_terminal = getattr(stream, "isatty", bool)()
    return bool(is_terminal) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def stdout() -> BinaryIO:
    """Standard output as bytes: our forms are UTF-8 whatever the terminal's locale says."""
    sys.stdout.flush()
    return sys.stdout.buffer


def version() -> str:
    """The version that is installed, or ``0+unknown`` in a checkout that is not."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("phiguard")
    except PackageNotFoundError:
        return "0+unknown"


def text_argument(text: str, stdin: BinaryIO) -> str:
    """The text itself, or what stands on standard input for ``-``."""
    if text != "-":
        return text
    content = stdin.read()
    return content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").rstrip("\r\n")


def record_of(post: Post) -> Record:
    """A record of one post that stands in no file."""
    return Record(place=Place(path="", texts={"text": anchors_of(post.text, line=1)}), post=post)


def write_one(screener: Screener, post: Post, *, form: str, reveal: bool, fail_on: str) -> int:
    """Screens one post, writes its outcome to standard output, and returns the exit code."""
    from phiguard.writers import writer_of

    view = view_of(screener, fail_on, form=form, color=form == "text" and is_colored(sys.stdout))
    tally = Tally()
    outcomes = outcomes_of(screener, [record_of(post)], view, tally, reveal=reveal)
    writer_of(form)(outcomes, stdout(), view)
    return tally.exit
