"""The fixed Arrow schemas: posts in, screenings out, and the two tables that a scan writes. ``docs/cluster.md`` tells them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from phiguard.errors import InputError, PhiguardError
from phiguard.model import Post

try:
    import pyarrow as pa
except ImportError as error:  # pragma: no cover (an install without the extra)
    raise PhiguardError("Arrow needs the package pyarrow: pip install 'phiguard[arrow]'") from error

__all__ = [
    "FINDING",
    "FINDING_TABLE",
    "FLAG",
    "GAP",
    "POST_SCHEMA",
    "POST_TABLE",
    "ROUTE",
    "SCREENING_SCHEMA",
    "SPANS",
    "TEXT",
    "TEXTS",
    "TICKET",
    "check",
    "pa",  # imported from here, so that one place says what to install
    "screening_schema",
]

TEXT, FLAG, _TIME = pa.string(), pa.bool_(), pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.field("item", TEXT))


def _struct(**fields: Any) -> Any:
    return pa.struct([pa.field(name, kind) for name, kind in fields.items()])


_PARENT = _struct(
    id=TEXT, text=TEXT, author=TEXT, author_name=TEXT, author_role=TEXT, kind=TEXT, rating=pa.float64()
)
_MEDIUM = _struct(
    kind=TEXT,
    alt_text=TEXT,
    ocr_text=TEXT,
    captions=FLAG,
    decorative=FLAG,
    faces=TEXT,
    before_after=FLAG,
    edited=FLAG,
    ai_generated=FLAG,
    background_checked=FLAG,
    low_contrast=FLAG,
)
_OTHERS = {
    **dict.fromkeys(("paid", "premium", "platform_label_used", "generated"), FLAG),
    **dict.fromkeys(("posted_at", "received_at", "answered_at"), _TIME),
    **dict.fromkeys(("links", "region", "coi"), TEXTS),
    "reply_to": _PARENT,
    "media": pa.list_(pa.field("item", _MEDIUM)),
}

POST_SCHEMA = pa.schema([(name, _OTHERS.get(name, TEXT)) for name in Post.__struct_fields__])
"""What is read: the fields of a `Post`. Only ``text`` must be there; null is "not known"; other columns are passed over."""

SPANS = pa.list_(pa.field("item", _struct(start=pa.int32(), end=pa.int32())))
# A due time is ISO 8601 text, as in JSON: a timestamp would lose the office's zone, and Spark would show its own.
TICKET = _struct(
    patient=FLAG,
    reporter=FLAG,
    product=TEXT,
    product_kind=TEXT,
    event=TEXT,
    events=TEXTS,
    serious=FLAG,
    missing=TEXTS,
    completeness=pa.float64(),
)
ROUTE = _struct(queue=TEXT, within=TEXT, rule=TEXT, due=TEXT, ticket=TICKET)
GAP = _struct(what=TEXT, reason=TEXT)
FINDING = _struct(
    rule=TEXT,
    category=TEXT,
    severity=TEXT,
    confidence=TEXT,
    field=TEXT,
    spans=SPANS,
    labels=TEXTS,
    message=TEXT,
    why=TEXT,
    source=TEXT,
    fix=TEXT,
    route=ROUTE,
    posts=TEXTS,
)

SCREENING_SCHEMA = pa.schema(
    {
        "id": TEXT,
        "verdict": TEXT,
        "complete": FLAG,
        "findings": pa.list_(pa.field("item", FINDING)),
        "routes": pa.list_(pa.field("item", ROUTE)),
        "unscreened": pa.list_(pa.field("item", GAP)),
        "suppressed": TEXTS,
        "error": TEXT,
    }
)
"""What is answered: a `Screening` for each row, in the order of the rows. ``error`` is null, but for a row that is no post."""

POST_TABLE = pa.schema(
    {
        "row": pa.int64(),
        "id": TEXT,
        "verdict": TEXT,
        "complete": FLAG,
        "findings": pa.int32(),
        "severity": TEXT,
        "rules": TEXTS,
        "routes": SCREENING_SCHEMA.field("routes").type,
        "unscreened": SCREENING_SCHEMA.field("unscreened").type,
        "suppressed": TEXTS,
        "error": TEXT,
    }
)
"""One row a post: how many findings, the worst severity (null without one) and their rules. ``row`` counts posts from 0."""

FINDING_TABLE = pa.schema(
    [
        ("row", pa.int64()),
        ("id", TEXT),
        ("verdict", TEXT),
        ("number", pa.int32()),
        *((field.name, field.type) for field in FINDING),
    ]
)
"""One row a finding: the post's ``row``, ``id`` and ``verdict``, its ``number`` within the post from 0, and its fields."""


def screening_schema(posts: Any, keep: Sequence[str] = ()) -> Any:
    """The schema of the answers to batches of the schema ``posts``. Raises `InputError` for a column that cannot be kept."""
    if not keep:
        return SCREENING_SCHEMA
    for name in keep:
        if name in SCREENING_SCHEMA.names:
            raise InputError(f"keep: the answers have a column {name} of their own; rename yours")
        if posts.get_field_index(name) < 0:
            raise InputError(f"keep: there is no column {name}, or there are two")
    return pa.schema([*SCREENING_SCHEMA, *(posts.field(name) for name in keep)])


def check(schema: Any) -> None:
    """Refuses a schema whose columns cannot be read: one message, instead of a bad row for each row."""
    for wanted in POST_SCHEMA:
        places = schema.get_all_field_indices(wanted.name)
        if len(places) > 1:
            raise InputError(f"two columns are named {wanted.name}")
        if not places:
            if wanted.name == "text":
                raise InputError("there is no column named text; rename the one that holds the posts")
            continue
        is_number_fit = wanted.name in {"id", "thread"}
        given = schema.field(places[0]).type
        if not (_fits(given, wanted.type) or (is_number_fit and pa.types.is_integer(given))):
            raise InputError(f"column {wanted.name}: is of the wrong type; needed: {wanted.type}")


def _fits(given: Any, wanted: Any) -> bool:
    types = pa.types
    if types.is_null(given):
        return True
    if types.is_dictionary(given):
        return _fits(given.value_type, wanted)
    is_text: bool = types.is_string(given) or types.is_large_string(given) or types.is_string_view(given)
    if types.is_timestamp(wanted):
        return is_text or bool(types.is_timestamp(given))
    if types.is_floating(wanted):
        return bool(types.is_floating(given) or types.is_integer(given))
    if types.is_boolean(wanted):
        return bool(types.is_boolean(given))
    if types.is_list(wanted):
        listed: tuple[Callable[[Any], bool], ...] = (
            types.is_list,
            types.is_large_list,
            types.is_fixed_size_list,
            types.is_list_view,
            types.is_large_list_view,
        )
        return any(fits(given) for fits in listed) and _fits(given.value_type, wanted.value_type)
    if types.is_struct(wanted):
        known = {field.name: field.type for field in wanted}
        return bool(types.is_struct(given)) and all(
            field.name not in known or _fits(field.type, known[field.name]) for field in given
        )
    return is_text
