"""Words that must be said: added at the end, or moved to the front."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from phiguard.fixing.draft import Edit
from phiguard.model import Span
from phiguard.replying.fields import fields_in, fill
from phiguard.rewrites import Rewrite
from phiguard.text import sentence_ends

__all__ = ["added", "moved_to_front"]

_LONGEST_MOVED = 80  # characters of a sentence that can stand first
_TAIL = re.compile(r"(?:^|\s)(?:[#@]|https?://|www\.)\S*\Z")
_END = ".!?)\"'"


def added(text: str, spans: Sequence[Span], rewrite: Rewrite, values: Mapping[str, str]) -> list[Edit]:
    """The note at the end, and its mark behind each sentence that it speaks of."""
    marks = _marked(text, spans, rewrite.mark) if rewrite.mark else []
    note = rewrite.add_many if rewrite.add_many and len(marks) > 1 else rewrite.add
    if any(name not in values for name in fields_in(note)):
        return []
    note = rewrite.mark + fill(note, values)
    end = len(text.rstrip())
    # A mark behind the last sentence is one edit with the note that follows.
    closing = "".join(edit.new for edit in marks if edit.start == end)
    is_ended = bool(closing) or text[end - 1 : end] in _END
    # A full stop would become part of a link or a tag.
    is_line = text[end - 1 : end] in _END or "\n" in text or _TAIL.search(text, max(0, end - 300), end)
    glue = "\n" if is_line else " " if is_ended else ". "
    return [*(edit for edit in marks if edit.start < end), Edit(end, len(text), f"{closing}{glue}{note}")]


def _marked(text: str, spans: Sequence[Span], mark: str) -> list[Edit]:
    ends = set()
    for span in spans:
        end = next((end for end in sentence_ends(text) if end >= span.end), len(text))
        end = len(text[:end].rstrip())
        ends.add(end)
    return [
        Edit(end, end, mark)
        for end in sorted(ends)
        if not text.startswith(mark, end) and text[end - 1] != mark
    ]


def moved_to_front(text: str, spans: Sequence[Span], tags: Sequence[str]) -> list[Edit]:
    """The disclosure at the very front: its hashtag, or the short sentence that says it."""
    names = sorted((re.escape(tag.lstrip("#")) for tag in tags), key=len, reverse=True)
    found = re.search(rf"\s*#\s?(?:{'|'.join(names)})(?!\w)", text, re.IGNORECASE)
    if found is not None:
        tag = found[0].strip()
        if not text[: found.start()].strip():
            return []  # it stands first already
        return [Edit(0, 0, f"{tag} "), Edit(found.start(), found.end(), "")]
    for span in spans:
        ends = sentence_ends(text)
        start = max((end for end in ends if end <= span.start), default=0)
        end = min((end for end in ends if end >= span.end), default=len(text))
        sentence = text[start:end].strip()
        if start and len(sentence) <= _LONGEST_MOVED:
            dot = "" if sentence[-1:] in _END else "."
            return [
                Edit(0, 0, f"{sentence}{dot} "),
                Edit(len(text[:start].rstrip()), len(text[:end].rstrip()), ""),
            ]
    return []
