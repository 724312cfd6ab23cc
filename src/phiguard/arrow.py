"""Arrow record batches of posts in, record batches of screenings out, row by row: the line of Parquet files, Spark and Ray.

The schemas are fixed, and told in ``docs/cluster.md``. A row that is no post costs that row, and its answer says why.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from phiguard.arrow_schema import (
    FINDING,
    FINDING_TABLE,
    FLAG,
    GAP,
    POST_SCHEMA,
    POST_TABLE,
    ROUTE,
    SCREENING_SCHEMA,
    SPANS,
    TEXT,
    TEXTS,
    TICKET,
    check,
    pa,
    screening_schema,
)
from phiguard.model import SEVERITIES, Finding, Gap, Post, Route, Screening, Span
from phiguard.profile import Profile
from phiguard.readers.decode import decode_mapping
from phiguard.readers.record import Fault
from phiguard.screener import Screener

if TYPE_CHECKING:
    from pyarrow import RecordBatch

__all__ = [
    "FINDING_TABLE",
    "POST_SCHEMA",
    "POST_TABLE",
    "SCREENING_SCHEMA",
    "finding_table",
    "post_table",
    "posts_of",
    "screen_batches",
    "screening_schema",
    "screenings_of",
]

ROWS = 8_192
"""The most rows that are screened at once: what a result batch holds, and so what memory holds, is bounded."""


def screen_batches(
    batches: Iterable[RecordBatch],
    *,
    profile: Profile | None = None,
    screener: Screener | None = None,
    keep: Sequence[str] = (),
) -> Iterator[RecordBatch]:
    """A batch of `SCREENING_SCHEMA` for each batch of posts, row by row the answer of `Screener.screen`.

    Args:
        batches: batches with the columns of `POST_SCHEMA` (see there). A large one is answered in parts of at most 8,192 rows.
        profile: what the organization says about itself, instead of ``screener``.
        screener: what screens; one of ``profile`` otherwise.
        keep: columns of the input that the answers get too, after their own, as they are.

    Raises:
        InputError: a column that is needed is missing, or is of a type that cannot be read.
    """
    if screener is None:
        screener = Screener(profile)
    elif profile is not None:
        raise ValueError("give a screener or a profile, not both")
    for whole in batches:
        check(whole.schema)
        schema = screening_schema(whole.schema, keep)
        for start in range(0, max(whole.num_rows, 1), ROWS):
            batch = whole.slice(start, ROWS)
            answer = _screened(batch, screener)
            kept = [batch.column(name) for name in keep]
            yield pa.record_batch([*answer.columns, *kept], schema=schema) if kept else answer


def posts_of(batch: RecordBatch) -> Iterator[Post | Fault]:
    """The post of each row, or why the row is none. Raises `InputError` if the columns cannot be read."""
    check(batch.schema)
    texts = _strings(batch.column("text"))
    wide = [name for name in POST_SCHEMA.names if name != "text" and _is_told(batch, name)]
    if not wide or wide == ["id"]:
        ids = _values(batch.column("id")) if wide else itertools.repeat(None)
        for text, own in zip(texts, ids, strict=False):
            if type(text) is str and type(own) is str:
                yield Post(text=text, id=own)
            else:
                yield _post_of({"text": text} if own is None else {"text": text, "id": own})
        return
    columns = [_values(batch.column(name)) for name in wide]
    for text, *cells in zip(texts, *columns, strict=True):
        record = {name: cell for name, cell in zip(wide, cells, strict=True) if cell is not None}
        record["text"] = text
        yield _post_of(record)


def screenings_of(batch: RecordBatch) -> Iterator[Screening]:
    """The screenings of a batch of answers; for a row that was no post, one that says so in ``unscreened``."""
    for row in batch.select(SCREENING_SCHEMA.names[:-1]).to_pylist():
        findings = row.pop("findings")
        yield Screening(
            id=row["id"],
            verdict=row["verdict"],
            complete=row["complete"],
            findings=tuple(_finding_of(one) for one in findings),
            routes=tuple(msgspec.convert(one, Route) for one in row["routes"]),
            unscreened=tuple(Gap(**one) for one in row["unscreened"]),
            suppressed=tuple(row["suppressed"]),
        )


def finding_table(answers: RecordBatch, *, first_row: int = 0) -> RecordBatch:
    """The rows of `FINDING_TABLE` for a batch of answers, of which the first stands in row ``first_row``."""
    lengths, flat = _flat(answers, "findings")
    rows = [row for row, length in enumerate(lengths) for _ in range(length)]
    at = pa.array(rows, pa.int64())
    numbers = [number for length in lengths for number in range(length)]
    columns = [
        pa.array([first_row + row for row in rows], pa.int64()),
        answers.column("id").take(at),
        answers.column("verdict").take(at),
        pa.array(numbers, pa.int32()),
        *flat.flatten(),
    ]
    return pa.record_batch(columns, schema=FINDING_TABLE)


def post_table(answers: RecordBatch, *, first_row: int = 0) -> RecordBatch:
    """The rows of `POST_TABLE` for a batch of answers, of which the first stands in row ``first_row``."""
    lengths, flat = _flat(answers, "findings")
    severities = iter(flat.field("severity").to_pylist())
    worst = [
        max(itertools.islice(severities, length), key=SEVERITIES.index) if length else None
        for length in lengths
    ]
    columns = {
        "row": pa.array(range(first_row, first_row + len(lengths)), pa.int64()),
        "findings": pa.array(lengths, pa.int32()),
        "severity": pa.array(worst, TEXT),
        "rules": _lists(lengths, flat.field("rule"), TEXTS),
    }
    return pa.record_batch(
        [columns[name] if name in columns else answers.column(name) for name in POST_TABLE.names],
        schema=POST_TABLE,
    )


def _flat(answers: RecordBatch, name: str) -> tuple[list[int], Any]:
    """How many items each row has, and all of them in one array."""
    column = answers.column(name)
    return column.value_lengths().to_pylist(), column.flatten()


def _screened(batch: RecordBatch, screener: Screener) -> RecordBatch:
    rows = list(posts_of(batch))
    answers = screener.screen_many(row for row in rows if type(row) is Post)
    if not any(type(row) is Fault for row in rows):
        return _answered(list(answers), [None] * len(rows))
    ids = _values(batch.column("id")) if _is_told(batch, "id") else [None] * len(rows)
    gravest = screener.profile.verdicts.on_gap
    screenings: list[Screening] = []
    errors: list[str | None] = []
    for row, own in zip(rows, ids, strict=True):
        if type(row) is Post:
            screenings.append(next(answers))
            errors.append(None)
            continue
        # Fail closed: who reads only the verdicts must not take the row for a harmless one.
        told = "" if own is None or type(own) is Fault else str(own)
        gap = Gap(what="record", reason=str(row))
        screenings.append(Screening(id=told, verdict=gravest, complete=False, unscreened=(gap,)))
        errors.append(str(row))
    return _answered(screenings, errors)


# --- reading columns -------------------------------------------------------------------------------------


def _is_told(batch: RecordBatch, name: str) -> bool:
    """Whether some row has a value in that column."""
    at = batch.schema.get_field_index(name)
    return at >= 0 and bool(batch.column(at).null_count < batch.num_rows)


_NOT_UTF8 = Fault(reason="is not UTF-8")


def _strings(column: Any) -> list[str | Fault | None]:
    """The strings of a column, each decoded once from the column's own memory: no scalars, no copies between."""
    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return _values(column)
    if not len(column):
        return []
    _, ends, data = column.buffers()
    stored = memoryview(ends).cast("i") if pa.types.is_string(kind) else memoryview(ends).cast("q")
    places = stored[column.offset : column.offset + len(column) + 1].tolist()
    view = memoryview(data or b"")
    found: list[str | Fault | None] = []
    for start, end in itertools.pairwise(places):
        try:
            found.append(str(view[start:end], "utf-8"))
        except UnicodeDecodeError:
            found.append(_NOT_UTF8)
    if column.null_count:
        told = column.is_valid().to_pylist()
        return [text if valid else None for text, valid in zip(found, told, strict=True)]
    return found


def _values(column: Any) -> list[Any]:
    """The values of a column as Python has them; a `Fault` for one that Python cannot have."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _strings(column)
    if pa.types.is_timestamp(kind) and kind.unit == "ns":  # finer than Python's times
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    try:
        return [_without_nulls(value) for value in column.to_pylist()]
    except (ValueError, OverflowError):
        return [_value(one) for one in column]


def _value(scalar: Any) -> Any:
    try:
        return _without_nulls(scalar.as_py())
    except UnicodeDecodeError:
        return _NOT_UTF8
    except (ValueError, OverflowError):
        return Fault(reason="is out of range")


def _without_nulls(value: Any) -> Any:
    """The value without the nulls of its structs: null is "not known", which is what a missing field says."""
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    return value


def _post_of(record: dict[str, Any]) -> Post | Fault:
    for name, value in record.items():
        if type(value) is Fault:
            return Fault(reason=value.reason, field=name)
    post, fault, _ = decode_mapping(record)
    return fault or Fault(reason="is not valid") if post is None else post


# --- writing columns -------------------------------------------------------------------------------------


def _answered(screenings: Sequence[Screening], errors: list[str | None]) -> RecordBatch:
    """A batch of `SCREENING_SCHEMA`. Built column by column: most posts have no findings, and cost four cells."""
    findings = [finding for one in screenings for finding in one.findings]
    routes = [route for one in screenings for route in one.routes]
    gaps = [gap for one in screenings for gap in one.unscreened]
    names = [name for one in screenings for name in one.suppressed]
    field = SCREENING_SCHEMA.field
    columns = [
        pa.array([_sound(one.id) for one in screenings], TEXT),
        pa.array([one.verdict for one in screenings], TEXT),
        pa.array([one.complete for one in screenings], FLAG),
        _lists([len(one.findings) for one in screenings], _findings(findings), field("findings").type),
        _lists([len(one.routes) for one in screenings], _routes(routes), field("routes").type),
        _lists([len(one.unscreened) for one in screenings], _structs(gaps, GAP), field("unscreened").type),
        _lists([len(one.suppressed) for one in screenings], pa.array(names, TEXT), TEXTS),
        pa.array(errors, TEXT),
    ]
    return pa.record_batch(columns, schema=SCREENING_SCHEMA)


def _sound(text: str) -> str:
    # Arrow's strings are UTF-8: a lone surrogate, which JSON may hold, has no place in them.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _lists(lengths: Iterable[int], items: Any, kind: Any) -> Any:
    ends = pa.array(itertools.accumulate(lengths, initial=0), pa.int32())
    return pa.ListArray.from_arrays(ends, items, type=kind)


def _structs(values: Sequence[object], kind: Any, **made: Any) -> Any:
    """An array of structs from the attributes of ``values``, but for the columns that are ``made`` already."""
    columns = [
        made[field.name]
        if field.name in made
        else pa.array([getattr(value, field.name) for value in values], field.type)
        for field in kind
    ]
    return pa.StructArray.from_arrays(columns, fields=list(kind))


def _routes(routes: Sequence[Route]) -> Any:
    due = pa.array([msgspec.to_builtins(one.due) for one in routes], TEXT)
    tickets = [None if one.ticket is None else msgspec.structs.asdict(one.ticket) for one in routes]
    return _structs(routes, ROUTE, due=due, ticket=pa.array(tickets, TICKET))


def _findings(findings: Sequence[Finding]) -> Any:
    spans = [span for finding in findings for span in finding.spans]
    routes = [finding.route for finding in findings]
    route = _routes([one or _NO_ROUTE for one in routes])
    return _structs(
        findings,
        FINDING,
        spans=_lists([len(one.spans) for one in findings], _structs(spans, SPANS.value_type), SPANS),
        route=pa.StructArray.from_arrays(
            route.flatten(), fields=list(ROUTE), mask=pa.array([one is None for one in routes], pa.bool_())
        ),
    )


_NO_ROUTE = Route(queue="", within="", rule="")


def _finding_of(row: dict[str, Any]) -> Finding:
    spans = tuple(Span(one["start"], one["end"]) for one in row.pop("spans"))
    route, labels, posts = row.pop("route"), tuple(row.pop("labels")), tuple(row.pop("posts"))
    # Interned, since msgspec leaves a default out of its JSON only when it is the very object.
    told: dict[str, Any] = {name: sys.intern(value) for name, value in row.items()}
    return Finding(
        **told, spans=spans, labels=labels, posts=posts, route=route and msgspec.convert(route, Route)
    )
