"""A scan as the command line asks for it: inputs, outputs, going on after an interruption, what is said at the end."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import msgspec

from phiguard.batch.checkpoint import (
    Checkpoint,
    Progress,
    SeenInput,
    changes,
    checkpoint_of,
    forget,
    load,
    seen_inputs,
)
from phiguard.batch.crew import Crew, cores
from phiguard.batch.cutting import Input, cut
from phiguard.batch.forms import DEAD, DOCUMENTS, MAIN, Form
from phiguard.batch.job import Job
from phiguard.batch.outputs import Finish, PartFile, Sink, StreamOut, part_of
from phiguard.batch.scanning import Interrupted, Saving, Scan
from phiguard.batch.stopped import Stopped
from phiguard.cli import importing, line
from phiguard.cli.complaints import Refusal
from phiguard.cli.exits import Exit
from phiguard.cli.progress import metered
from phiguard.cli.together import Together
from phiguard.cli.wish import Wish, export_of, inputs_of, position_of, total_of
from phiguard.screener import Screener
from phiguard.writers.outcome import Outcome, View, encodable
from phiguard.writers.summary import Summary

__all__ = ["carried_out"]

_BY_SUFFIX = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".sarif": "sarif",
    ".xml": "junit",
    ".parquet": "parquet",
}


def carried_out(wish: Wish) -> int:
    """Scans; the exit code."""
    inputs = list(inputs_of(wish))
    form = wish.form or _form_for(wish.output) or ("text" if wish.reveal else None)
    _refuse_what_cannot_be(wish, form, inputs)
    checkpoint_path = _checkpoint_path(wish, form, inputs)
    try:
        checkpoint = load(checkpoint_path) if wish.resume and checkpoint_path else None
        today = dt.date.fromisoformat(checkpoint.today) if checkpoint else dt.date.today()  # noqa: DTZ011
        screener = line.make_screener(wish.profile, wish.packs, today=today)
        view = line.view_of(
            screener,
            wish.fail_on,
            form=form,
            color=wish.output is None and form in {None, "text"} and line.is_colored(sys.stdout),
            limit=wish.limit,
        )
        job = Job(
            screener=screener,
            view=view,
            form=Form(name=form, view=view, reveal=wish.reveal, on_gap=screener.profile.verdicts.on_gap),
            dead=wish.dead_letters is not None,
            observes=True,
            defaults=wish.defaults,
        )
        saving = None
        if checkpoint_path is not None:
            saving = _saving(wish, form, checkpoint_path, checkpoint, screener, inputs, today)
        progress = checkpoint.progress if checkpoint else Progress()
        together = Together(
            screener, inputs[0].shown if inputs else "-", wish.as_of, checkpoint.watch if checkpoint else b""
        )
        return _scanned(wish, job, inputs, progress, saving, together)
    except Stopped as error:
        click.echo(f"Error: {error}.", err=True)
        return Exit.NOT_SCREENED


def _scanned(
    wish: Wish, job: Job, inputs: list[Input], progress: Progress, saving: Saving | None, together: Together
) -> int:
    was_begun = (position_of(inputs, progress), progress.summary.posts + progress.summary.faults)
    workers = wish.workers or cores()
    export = importing.Tally()
    with (
        metered(total_of(inputs), was_begun, is_wanted=not wish.quiet) as meter,
        closing(Crew(job, workers)) as crew,
    ):
        cuts = cut(
            export_of(wish, job.screener, export, meter) if wish.origin else inputs,
            wish.reading,
            progress.cursor,
            seen=meter.seen,
        )
        sinks = _sinks(wish, job.form.name, progress, is_resumed=saving is not None and saving.is_begun)
        scan = Scan(
            job,
            crew,
            sinks,
            progress,
            watch=together.watch,
            saving=saving,
            told=meter.told,
            keeps_parts=any(one.is_endless for one in inputs) and job.form.name not in DOCUMENTS,
        )
        last = functools.partial(_last, wish, job, together)
        try:
            scan.run(cuts, last)
        except Stopped as error:
            told = _kept(wish, scan, saving, inputs)
            raise Stopped(f"{error}. {told}".rstrip(" .")) from None
        except (Interrupted, KeyboardInterrupt):
            crew.close()
            told = _kept(wish, scan, saving, inputs)
            click.echo(f"Interrupted. {told}".rstrip(), err=True)
            return Exit.INTERRUPTED
    summary, tally = progress.summary, _tally(progress)
    for _ in together.outcomes(tally, job.view):
        pass  # counted for the exit code
    summary.series = together.report
    summary.unused = len(line.unused_suppressions(job.screener, tally))
    if wish.report is not None:
        together.write(wish.report)
    _say(summary, job.view, aside=job.form.name is not None and wish.output is None, quiet=wish.quiet)
    importing.say(export, quiet=wish.quiet)
    return tally.exit


def _kept(wish: Wish, scan: Scan, saving: Saving | None, inputs: list[Input]) -> str:
    """What became of the results of a scan that did not come to its end."""
    count = scan.progress.summary.posts + scan.progress.summary.faults
    if saving is not None and saving.is_begun:
        return f"{count:,} records are done and kept: the same command with --resume goes on from there."
    if wish.output is not None and any(one.is_endless for one in inputs) and count:
        return f"The results so far are in {part_of(wish.output)}."
    return ""


# --- outputs ---------------------------------------------------------------------------------------------


def _form_for(output: Path | None) -> str | None:
    return _BY_SUFFIX.get(output.suffix.lower(), "text") if output else None


def _refuse_what_cannot_be(wish: Wish, form: str | None, inputs: list[Input]) -> None:
    outputs = [path for path in (wish.output, wish.dead_letters, wish.report) if path is not None]
    for path in outputs:
        if path.exists():
            for one in inputs:
                if one.path is not None and os.path.samefile(one.path, path):  # noqa: PTH121  Path.samefile reads the same
                    raise Refusal("The output file is one of the files to scan.")
    if len({path.absolute() for path in outputs}) < len(outputs):
        raise Refusal("--output, --dead-letters and --report must be different files.")
    if form == "parquet":
        if wish.output is None:
            raise Refusal("Parquet goes to a file: name it with -o NAME.parquet.")
        import phiguard.arrow_schema  # noqa: F401  says what to install
    if not wish.resume:
        return
    if wish.output is None:
        raise Refusal("--resume goes on with a scan to a file: name it with -o FILE.")
    if form in DOCUMENTS:
        raise Refusal(
            f"A scan to {form} cannot be gone on with: its file is written in one go. Try --format jsonl."
        )
    if any(one.path is None for one in inputs):
        raise Refusal("What was read from standard input cannot be read again: --resume needs files.")


def _is_device(path: Path | None) -> bool:
    return path is not None and path.exists() and not path.is_file()


def _checkpoint_path(wish: Wish, form: str | None, inputs: list[Input]) -> Path | None:
    """Where the checkpoint of this scan stands; ``None`` for one that cannot be gone on with."""
    can = wish.output is not None and form not in DOCUMENTS and all(one.path is not None for one in inputs)
    if not can or wish.output is None or _is_device(wish.output) or _is_device(wish.dead_letters):
        return None
    return checkpoint_of(wish.output)


def _saving(
    wish: Wish,
    form: str | None,
    path: Path,
    checkpoint: Checkpoint | None,
    screener: Screener,
    inputs: list[Input],
    today: dt.date,
) -> Saving:
    """What writes checkpoints. Raises `Stopped` when a scan cannot be gone on with because something has changed."""
    options = _options(wish, form, screener)
    done: list[SeenInput] = checkpoint.inputs[: checkpoint.progress.cursor.file] if checkpoint else []
    seen = seen_inputs(inputs, done)
    if checkpoint is None:
        if path.exists() and not wish.quiet:
            click.echo(
                "An interrupted scan to this file is not gone on with: --resume was not given.", err=True
            )
        forget(path)
    elif found := changes(checkpoint, options, seen):
        told = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise Stopped(f"cannot go on with this scan: {told}. Put it back, or start over without --resume")
    return Saving(path, options, seen, today.isoformat(), every=wish.every)


def _options(wish: Wish, form: str | None, screener: Screener) -> dict[str, str]:
    """Whatever decides the results, by the name that people know it by."""
    profile = msgspec.json.encode(screener.profile, order="deterministic")
    return {
        "the version of phiguard": line.version(),
        "the rules": screener.rules.digest,
        "the profile": hashlib.sha256(profile).hexdigest()[:32],
        "--format": str(form),
        "--reveal": str(wish.reveal),
        "--fail-on": wish.fail_on,
        "--limit": str(wish.limit),
        "--dead-letters": encodable(str(wish.dead_letters)),
        "--from": f"{wish.origin} {sorted(wish.own)}",
        "--input-format": str(wish.reading.form),
        "--column-map": str(sorted(wish.reading.columns.items())),
        "--as-of": str(wish.as_of),
        "--encoding": str(wish.reading.encoding),
        **{f"--{name}": str(wish.defaults.get(name)) for name in ("direction", "platform")},
    }


def _sinks(wish: Wish, form: str | None, progress: Progress, *, is_resumed: bool) -> dict[str, Sink]:
    """Where each stream of results goes."""
    sinks: dict[str, Sink] = {}

    def opened(stream: str, path: Path, finish: Finish | None = None) -> None:
        if _is_device(path):
            sinks[stream] = StreamOut(os.open(path, os.O_WRONLY), str(path))
            return
        offset = progress.offsets.get(stream, 0) if is_resumed else None
        if progress.is_done and not part_of(path).exists():
            return  # finished before the scan was interrupted
        try:
            sinks[stream] = PartFile(path, offset=offset, finish=finish)
        except Stopped as error:
            for sink in sinks.values():
                sink.close(keep=is_resumed, offset=sink.offset)
            raise Refusal(f"{error}.") from None

    if form is not None:
        if wish.output is None:
            sinks[MAIN] = StreamOut.standard()
        elif form == "parquet":
            from phiguard.batch.tables import FINDINGS, POSTS, findings_path, write_parquet

            # The findings first: they are counted with the part file of the posts.
            finish = functools.partial(write_parquet, posts=part_of(wish.output))
            opened(FINDINGS, findings_path(wish.output), finish)
            opened(POSTS, wish.output, finish)
        else:
            opened(MAIN, wish.output)
    if wish.dead_letters is not None:
        opened(DEAD, wish.dead_letters)
    return sinks


# --- the end ---------------------------------------------------------------------------------------------


def _tally(progress: Progress) -> line.Tally:
    counts = progress.counts
    return line.Tally(failing=counts.failing, unscreened=counts.unscreened, met=counts.met)


def _last(wish: Wish, job: Job, together: Together, progress: Progress) -> Iterator[Outcome]:
    """What stands after all posts: the suppressions that nothing met, and what the posts show together."""
    tally = _tally(progress)
    if (unmet := line.profile_outcome(job.screener, tally, wish.profile)) is not None:
        yield unmet
    yield from together.outcomes(tally, job.view)


def _say(summary: Summary, view: View, *, aside: bool, quiet: bool) -> None:
    """The summary: on standard output, or on stderr where results have that."""
    if aside and quiet:
        return
    if aside:
        view = msgspec.structs.replace(view, color=line.is_colored(sys.stderr))
    for text in summary.lines(view):
        click.echo(text, err=aside, color=view.color)
