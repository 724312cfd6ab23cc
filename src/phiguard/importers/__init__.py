"""Exports of platforms into records: one module a platform, imported when an export is its own."""

# ruff: noqa: PLC0415  imported when needed: the commands that know the names of exports must start fast

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from phiguard.errors import InputError
from phiguard.importers.options import Options
from phiguard.importers.tally import Tally
from phiguard.readers.record import Record

if TYPE_CHECKING:
    from phiguard.importers.sources import Source

__all__ = ["IMPORTERS", "NAMES", "Importer", "Options", "Tally", "import_paths", "recognized"]


Seen = Callable[[int], None]


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of export. ``files`` are the names by which its files go, ``signs`` what stands at their start."""

    name: str
    title: str
    holds: str
    module: str
    files: str
    signs: str
    is_threaded: bool = True

    @property
    def has_names(self) -> bool:
        """Whether the names of its files tell it from others."""
        return not self.files.startswith(r"\.(?:")


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        name="x",
        title="an X (Twitter) archive",
        holds="tweets.js or tweet.js, in parts, or the whole .zip",
        module="x",
        files=r"(?:^|/)tweets?(?:-part\d+)?\.js(?:on)?$",
        signs=r'window\.YTD\.tweets?\.part\d+|"tweet"\s*:\s*\{\s*"|"in_reply_to_status_id_str"',
    ),
    Importer(
        name="youtube",
        title="comments of YouTube",
        holds="pages of commentThreads or comments (Data API v3), or Takeout's comments.csv",
        module="youtube",
        files=r"\.(?:json|jsonl|ndjson)$|(?:^|/)comments(?:\(\d+\))?\.csv$",
        signs=r'"youtube#comment|"topLevelComment"|"textDisplay"|(?m:^"?Comment ID"?,.*"?Comment text"?)',
    ),
    Importer(
        name="google-business",
        title="reviews of Google Business Profile",
        holds="pages of the reviews API, or Takeout's reviews.json",
        module="google",
        files=r"\.(?:json|jsonl|ndjson)$",
        signs=r'"starRating"|"reviewReply"|"locationReviews"|"localPosts"',
    ),
    Importer(
        name="reddit",
        title="posts and comments of Reddit",
        holds="listings of the API, JSON lines of a dump, or comments.csv and posts.csv of a data request",
        module="reddit",
        files=r"\.(?:json|jsonl|ndjson)$|(?:^|/)(?:comments|posts)\.csv$",
        signs=r'"kind"\s*:\s*"(?:Listing|t[13])"|"(?:link_id|parent_id)"\s*:\s*"t[13]_|"selftext"'
        r"|(?m:^id,permalink,date,)",
    ),
    Importer(
        name="facebook",
        title="a Facebook download",
        holds="JSON files of a page or profile (profile_posts_1.json, comments.json …), or the whole .zip",
        module="facebook",
        files=r"(?:^|/)(?:your_posts?|profile_posts|page_posts|posts|comments|(?:your_)?videos|your_comments_in_groups"
        r"|group_posts_and_comments)(?:__check_ins__photos_and_videos)?(?:_\d+)?\.json$",
        signs=r'"(?:comments_v2|group_comments_v2|group_posts_v2|videos_v2)"'
        r'|"data"\s*:\s*\[\s*\{\s*"(?:post|comment|update_timestamp)"'
        r'|facebook[\s\S]{0,4000}"label_values"|"label_values"[\s\S]{0,4000}facebook\.com',
        is_threaded=False,
    ),
    Importer(
        name="instagram",
        title="an Instagram download",
        holds="JSON files (posts_1.json, post_comments_1.json …), or the whole .zip",
        module="instagram",
        files=r"(?:^|/)(?:posts|reels|stories|archived_posts|post_comments|reels_comments|igtv_videos|hype)(?:_\d+)?\.json$",
        signs=r'"string_map_data"|"string_list_data"|"ig_\w+"\s*:|"creation_timestamp"|"label_values"',
        is_threaded=False,
    ),
    Importer(
        name="graph",
        title="posts or comments of Meta's Graph API",
        holds="saved pages of /posts, /feed, /media or /comments",
        module="graph",
        files=r"\.(?:json|jsonl|ndjson)$",
        signs=r'"created_time"\s*:\s*"|"timestamp"\s*:\s*"\d{4}-\d\d-\d\dT|"paging"\s*:\s*\{',
    ),
    Importer(
        name="linkedin",
        title="a LinkedIn download",
        holds="Shares.csv and Comments.csv, or the whole .zip",
        module="linkedin",
        files=r"(?:^|/)(?:shares|comments)(?:[_ -]?\(?\d+\)?)?\.csv$",
        signs=r'"?ShareCommentary"?|(?m:^"?Date"?,"?Link"?,"?Message"?)',
    ),
    Importer(
        name="csv",
        title="a table (CSV)",
        holds="any CSV, its columns named with --column-map",
        module="table",
        files=r"\.(?:csv|tsv)$",
        signs=r"\S",
    ),
)
"""Every kind of export that is known, the surest sign first."""

NAMES = tuple(sorted(importer.name for importer in IMPORTERS))
_MOST_LOOKED_AT = 400
"""Files of a folder or .zip that are looked into to recognize it."""


def recognized(sources: Sequence[Source]) -> Importer:
    """The importer that an export is for. Raises `InputError` if that cannot be said."""
    found = _found(sources, [one for one in IMPORTERS if one.has_names]) if len(sources) > 1 else Counter()
    if not found:
        found = _found(sources, IMPORTERS)
    if found["csv"] and len(found) > 1:
        del found["csv"]  # tables beside what is known for sure
    if len(found) == 1:
        return _by_name(next(iter(found)))
    if found:
        kinds = ", ".join(f"{name} ({count})" for name, count in found.most_common())
        raise InputError(f"the files are of several kinds: {kinds}. Say which to read: --from NAME")
    raise InputError(f"nothing there is recognized. Say what it is: --from {'|'.join(NAMES)}")


def _found(sources: Sequence[Source], importers: Sequence[Importer]) -> Counter[str]:
    """How many files have the name and the signs of each importer."""
    from phiguard.importers.sources import head_of

    found: Counter[str] = Counter()
    looked = 0
    for source in sources:
        inner = source.inner.lower()
        fits = [one for one in importers if len(sources) == 1 or re.search(one.files, inner)]
        if inner.endswith((".csv", ".tsv")):
            fits = [one for one in fits if "csv" in one.files]
        else:
            fits = [one for one in fits if one.name != "csv"]
        if fits and looked < _MOST_LOOKED_AT:
            head, looked = head_of(source), looked + 1
            found.update(next(([one.name] for one in fits if re.search(one.signs, head)), []))
    return found


def _by_name(name: str) -> Importer:
    return next(one for one in IMPORTERS if one.name == name)


def import_paths(
    paths: Sequence[Path],
    name: str = "auto",
    options: Options | None = None,
    *,
    tally: Tally | None = None,
    seen: Seen | None = None,
) -> Iterator[Record]:
    """The records of an export that lies in ``paths`` (files, folders, .zip): each with a post, or with a fault.

    ``name`` is one of `NAMES`, or ``auto``. What was counted, and what the export was taken for, stands in ``tally``.
    """
    from phiguard.importers.sources import sources_of

    tally = tally if tally is not None else Tally()
    sources = sources_of(paths)
    if not sources:
        raise InputError("there are no files")
    importer = recognized(sources) if name == "auto" else _by_name(name)
    tally.taken_for = importer.title
    return _records(importer, sources, options or Options(), tally, seen)


def _records(
    importer: Importer, sources: tuple[Source, ...], options: Options, tally: Tally, seen: Seen | None
) -> Iterator[Record]:
    from phiguard.importers.threads import records

    read = importlib.import_module(f"phiguard.importers.{importer.module}").read
    found = records(read, sources, options, tally, is_threaded=importer.is_threaded, seen=seen)
    is_empty = True
    for record in found:
        is_empty = False
        yield record
    if is_empty and not tally.left_out:
        raise InputError(f"holds nothing that {importer.title} has: {importer.holds}")
