"""`phiguard gate`: one post before it is published. Whatever goes wrong, the answer is not "publish"."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Literal, NoReturn

import click
import msgspec

from phiguard.cli import line, options
from phiguard.cli.exits import Exit
from phiguard.errors import InputError, PhiguardError
from phiguard.model import Finding, Gap, Post, Route, Screening, Verdict
from phiguard.readers.decode import decode_mapping
from phiguard.readers.stream import LONGEST_LINE

__all__ = ["Decision", "decide", "gate_command", "post_of"]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the gate. ``verdict`` is missing (null) if nothing could be screened."""

    decision: Literal["publish", "hold", "block"]
    verdict: Verdict | None = None
    complete: bool = False
    id: str = ""
    findings: tuple[Finding, ...] = ()
    routes: tuple[Route, ...] = ()
    unscreened: tuple[Gap, ...] = ()
    suppressed: tuple[str, ...] = ()
    error: str | None = None


@click.command("gate")
@options.profile
@options.pack
def gate_command(*, profile: Path | None, packs: tuple[Path, ...]) -> int:
    """Read one post as JSON on standard input, write a decision as JSON.

    The decision is "publish" only if all of the post was screened and the verdict is pass or note. A
    post to be reviewed is "hold". Anything else, such as JSON that cannot be read, a field that is not
    understood, or a defect, is never "publish". Exit code 0 means publish, and nothing else does.

    \b
    Example:
      echo '{"text": "Flu shots are here.", "platform": "x"}' | phiguard gate
    """  # noqa: D301  click reads the escape
    content = sys.stdin.buffer.read(LONGEST_LINE + 1)
    decision, code = decide(content, profile, packs)
    try:
        answer = msgspec.json.encode(decision)
    except UnicodeEncodeError:  # an id with a lone surrogate
        answer = msgspec.json.encode(msgspec.structs.replace(decision, id=""))
    out = line.stdout()
    out.write(answer + b"\n")
    out.flush()
    return code


def decide(content: bytes, profile: Path | None, packs: tuple[Path, ...]) -> tuple[Decision, Exit]:
    """The decision about a post as JSON, and the exit code. Never raises for what ``content`` holds."""
    try:
        post = post_of(content)
        screener = line.make_screener(profile, packs)
        screening = screener.screen(post)
    except PhiguardError as error:
        return Decision(decision="hold", error=str(error)), Exit.USAGE
    except Exception as error:  # noqa: BLE001  fail closed, by the kind of the defect alone
        return Decision(decision="hold", error=f"internal error: {type(error).__name__}"), Exit.INTERNAL
    return _decision_of(screening), _exit_of(screening)


def _decision_of(screening: Screening) -> Decision:
    decision: Literal["publish", "hold", "block"] = "hold"
    if screening.verdict == "block":
        decision = "block"
    elif screening.verdict in {"pass", "note"} and screening.complete and not screening.unscreened:
        decision = "publish"
    return Decision(
        decision=decision,
        verdict=screening.verdict,
        complete=screening.complete,
        id=screening.id,
        findings=screening.findings,
        routes=screening.routes,
        unscreened=screening.unscreened,
        suppressed=screening.suppressed,
    )


def _exit_of(screening: Screening) -> Exit:
    if not screening.complete or screening.unscreened:
        return Exit.NOT_SCREENED
    return Exit.CLEAN if _decision_of(screening).decision == "publish" else Exit.FINDINGS


def post_of(content: bytes) -> Post:
    """The post in ``content``, read more strictly than in a scan: a publisher must not read it otherwise.

    Raises `InputError` for JSON that is broken or ambiguous, and for any field that is not understood.
    """
    if len(content) > LONGEST_LINE:
        raise InputError("the input is too long")
    fault = "the input is not JSON"
    try:
        record = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except InputError:
        raise
    except UnicodeDecodeError:
        fault = "the input is not UTF-8"
    except RecursionError:
        fault = "the input is nested too deeply"
    except ValueError:
        pass
    else:
        post, wrong, unknown = decode_mapping(record)
        if unknown:
            raise InputError(f"fields that are not understood: {', '.join(unknown)}")
        if post is None:
            raise InputError(f"the input is no post: {wrong}")
        return post
    raise InputError(fault)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two texts, a publisher may take the other one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InputError("a field stands twice")
    return found


def _refuse(_name: str) -> NoReturn:
    raise ValueError
