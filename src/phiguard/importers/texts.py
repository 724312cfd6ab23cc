"""Texts as people wrote them, out of what exports make of them: HTML, entities, Meta's wrong encoding, short links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import BinaryIO

__all__ = ["is_misread", "plain_of_html", "repaired", "unescaped", "with_links"]

_MARKUP = re.compile(
    r"</?(?:br|a|b|i|u|s|p|em|strong|span|div|ul|ol|li|img)\b[^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});",
    re.IGNORECASE,
)
_BASIC = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'"}
_BASIC_ENTITY = re.compile("|".join(map(re.escape, _BASIC)))
_NEW_LINE = frozenset({"br", "p", "div", "li"})


def unescaped(text: str) -> str:
    """``text`` without the few entities that X and Reddit put in, undone once.

    >>> unescaped("Q&amp;A &lt;3 &eacute; &amp;lt;")
    'Q&A <3 &eacute; &lt;'
    """
    return _BASIC_ENTITY.sub(lambda found: _BASIC[found[0]], text) if "&" in text else text


class _Plain(HTMLParser):
    """Collects the text of HTML; a link is told by its address where its label is a cut-off address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEW_LINE and (tag == "br" or self.parts):
            self.parts.append("\n")
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.parts))
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            address, start = self._link
            label = "".join(self.parts[start:])
            if label.rstrip("….").startswith(("http://", "https://")) and label.endswith(("...", "…")):
                self.parts[start:] = [address]
            self._link = None

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain_of_html(text: str) -> str:
    r"""The text of a little HTML; a text without tags and entities as it is.

    >>> plain_of_html("One<br>two &amp; <b>three</b> I <3 you")
    'One\ntwo & three I <3 you'
    >>> plain_of_html("a < b and <c")
    'a < b and <c'
    """
    if not _MARKUP.search(text):
        return text
    if not re.search(r"</?[a-zA-Z]", text):
        return html.unescape(text)
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts).strip()


def with_links(text: str, links: Mapping[str, str]) -> str:
    """``text`` with each short link replaced; longer ones first, so that none is taken for the start of another.

    >>> with_links("See https://t.co/ab https://t.co/abc", {"https://t.co/ab": "example.com", "https://t.co/abc": ""})
    'See example.com'
    """
    for short in sorted(links, key=len, reverse=True):
        if short:
            text = text.replace(short, links[short])
    return text.rstrip() if links else text


# --- Meta's exports: the bytes of UTF-8, each written as if it were a character of Latin-1 -------------------

_HIGH = re.compile("[\x80-\xff]+")
_ESCAPED_HIGH = re.compile(rb"(?:\\u00[89a-fA-F][0-9a-fA-F])+")
_OTHER_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00)[0-9a-fA-F]{4}")
_RAW_HIGH = re.compile(rb"[\x80-\xff]")
_OF_ESCAPES = b"\\u0123456789abcdefABCDEF"


def repaired(text: str) -> str:
    r"""``text`` with every run of such characters decoded that is whole UTF-8; the rest as it is.

    Only for texts of a file that `is_misread`: in any other, the same characters are what they look like.

    >>> repaired("we\u00e2\u0080\u0099re at the caf\u00c3\u00a9")
    'we’re at the café'
    >>> repaired("café"), repaired("“ok” é")
    ('café', '“ok” é')
    """
    if text.isascii() or max(text) > "\xff":
        return text
    return _HIGH.sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode()
    except UnicodeDecodeError:
        return found[0]


def is_misread(stream: BinaryIO) -> bool:
    r"""Whether a file is such an export. Decided for the whole file: one short text alone can look like both.

    Control characters (``\u0080`` to ``\u009f``) stand in no right text, so they decide. Without them, all runs
    of escapes must be whole UTF-8, and there must be nothing else beyond ASCII: somebody who puts such a file
    right leaves raw letters, or escapes above ``\u00ff``.
    """
    whole = broken = others = 0
    has_controls = False
    kept = b""
    while chunk := stream.read(1 << 18):
        content = kept + chunk
        # A run of escapes may go on in the next chunk: it is looked at together with it.
        end = len(content.rstrip(_OF_ESCAPES)) if len(content) < 1 << 24 else len(content)
        kept, content = content[end:], content[:end]
        others += bool(_RAW_HIGH.search(content) or _OTHER_ESCAPE.search(content))
        for is_whole, is_control in _runs(content):
            whole, broken = whole + is_whole, broken + (not is_whole)
            has_controls = has_controls or is_control
    for is_whole, is_control in _runs(kept):
        whole, broken = whole + is_whole, broken + (not is_whole)
        has_controls = has_controls or is_control
    if has_controls:
        return whole > broken
    return whole > 0 and broken == 0 and others == 0 and not _OTHER_ESCAPE.search(kept)


def _runs(content: bytes) -> Iterator[tuple[bool, bool]]:
    """Of each run of escapes, whether it is whole UTF-8, and whether it then holds control characters."""
    for run in _ESCAPED_HIGH.findall(content):
        raw = bytes(int(run[at : at + 2], 16) for at in range(4, len(run), 6))
        try:
            raw.decode()
        except UnicodeDecodeError:
            yield False, False
        else:
            yield True, any(byte < 0xA0 for byte in raw)
