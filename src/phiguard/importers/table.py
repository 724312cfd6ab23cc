"""Any CSV with a column map: a field of a Post for each column, and ``parent_id``, by which replies find what they answer.

A row whose author is the organization's account speaks for it; so does one whose ``direction`` or ``author_role`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from phiguard.importers.entry import Entry, Item, Run, unreadable
from phiguard.importers.fields import FURTHER
from phiguard.importers.sources import UNREADABLE
from phiguard.readers.csvfile import record_of_row, rows_of

__all__ = ["read"]

_FILES = re.compile(r"\.(?:csv|tsv)$")
_OWN_ROLES = frozenset({"brand", "clinician", "employee_personal", "influencer", "agency"})


def read(run: Run) -> Iterator[Item]:
    """One entry a row."""
    options = run.options
    for source in run.files(_FILES):
        try:
            with source.open(seen=run.seen) as stream:
                head, rows = rows_of(
                    stream,
                    source.name,
                    columns=options.columns,
                    encoding=options.encoding,
                    order=options.order,
                    further=FURTHER,
                )
                for row in rows:
                    record = record_of_row(row, head, source.name)
                    post = record.post
                    if post is None:
                        yield record
                        continue
                    if not post.text.strip() and not post.media:
                        run.leave_out("without text")
                        continue
                    beside = {
                        field: cell.strip()
                        for field, cell in zip(head.fields, row[1] or (), strict=False)
                        if field in FURTHER and cell.strip()
                    }
                    told = post.direction is not None or post.author_role is not None
                    own = run.is_own(post.author) or (
                        post.direction is not None and not post.direction.startswith("inbound")
                    )
                    own = own or (post.direction is None and post.author_role in _OWN_ROLES)
                    run.tally.knows_own = run.tally.knows_own or told
                    stars = _stars(beside.get("rating", ""))
                    is_review = post.direction == "inbound_review" or (stars is not None and not own)
                    yield Entry(
                        place=record.place,
                        text=post.text,
                        id=post.id,
                        platform=post.platform,
                        kind="review"
                        if is_review
                        else "post"
                        if own and not beside.get("parent_id")
                        else "comment",
                        own=own,
                        parent=beside.get("parent_id", ""),
                        is_reply=post.direction == "outbound_reply" or post.reply_to is not None,
                        answers=post.reply_to,
                        author=post.author,
                        author_name=post.author_name,
                        at=post.posted_at or post.received_at,
                        thread=post.thread,
                        rating=stars,
                        media=post.media,
                        links=post.links,
                        base=post,
                        unknown=record.unknown,
                    )
        except UNREADABLE as error:
            yield unreadable(source, error)


def _stars(cell: str) -> float | None:
    """The stars of a cell like "4", "4,5", "4/5" or "5 stars"."""
    found = re.match(r"\s*([0-5](?:[.,]\d+)?)\s*(?:/\s*5|stars?|★*)?\s*$", cell, re.IGNORECASE)
    return float(found[1].replace(",", ".")) if found else None
