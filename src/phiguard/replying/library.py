"""The templates: those that ship, and an organization's own, checked before the first is offered."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from phiguard.errors import ProfileError
from phiguard.model import Platform
from phiguard.profile_sections import OwnReply
from phiguard.replying.fields import FIELDS, fields_in
from phiguard.yaml_source import Place, SourceError, find_faults, read_yaml

if TYPE_CHECKING:
    from phiguard.profile import Profile

__all__ = ["Library", "Situation", "Template", "load_library"]

Text = Annotated[str, msgspec.Meta(min_length=1)]
Words = tuple[Text, ...]
_SHIPPED = Path(__file__).with_name("templates")


class Situation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody wrote, and what can be said to it.

    ``routes`` and ``rules`` (ids or their beginnings) are the findings that show it, ``words`` the words of comments in which nothing
    is found. ``channel`` says whom ``{contact}`` means. ``comments`` are those that the templates are proven with.
    """

    id: Text
    about: Text
    advice: Text
    routes: Words = ()
    rules: Words = ()
    words: Words = ()
    channel: str = "private"
    variants: Words
    comments: Words


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One reply. ``key`` names it (``praise/2``; ``own/praise/1`` is the organization's)."""

    key: str
    situation: str
    text: str
    platforms: tuple[Platform, ...] = ()
    place: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that must be filled."""
        return fields_in(self.text)

    @property
    def is_own(self) -> bool:
        """Whether the organization wrote it."""
        return bool(self.place)


class Library(msgspec.Struct, frozen=True):
    """Situations by id, in the order of urgency within a file, and the templates of each: own ones first."""

    situations: dict[str, Situation]
    templates: dict[str, tuple[Template, ...]]

    def __repr__(self) -> str:
        return f"Library(<{len(self.situations)} situations>)"

    def named(self, name: str) -> tuple[Situation, ...]:
        """The situations that a name stands for: an id, the beginning of several, or a route."""
        wanted = name.strip().lower().replace("_", "-")
        if wanted in self.situations:
            return (self.situations[wanted],)
        by_route = [one for one in self.situations.values() if wanted.replace("-", "_") in one.routes]
        begins = [one for one in self.situations.values() if one.id.startswith(wanted + "-")]
        return tuple(by_route or begins)

    def near(self, name: str) -> tuple[str, ...]:
        """The names that somebody may have meant."""
        routes = {route for one in self.situations.values() for route in one.routes}
        return tuple(get_close_matches(name.lower(), sorted({*self.situations, *routes}), n=3))


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    situations: tuple[Situation, ...] = ()


class _OwnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    replies: tuple[OwnReply, ...]


@functools.cache
def _shipped() -> dict[str, Situation]:
    found: dict[str, Situation] = {}
    # Safety first: the order is that in which several situations of one comment are told.
    for name in ("safety", "questions", "others", "feedback"):
        content, _ = read_yaml((_SHIPPED / f"{name}.yaml").read_bytes())
        found.update((one.id, one) for one in msgspec.convert(content, _File).situations)
    return found


def load_library(profile: Profile | None = None) -> Library:
    """The shipped templates, and those of ``profile``.

    Raises `ProfileError` with every fault of the organization's own by file, line and field.
    """
    situations = _shipped()
    templates = {
        one.id: [
            Template(key=f"{one.id}/{number}", situation=one.id, text=text)
            for number, text in enumerate(one.variants, 1)
        ]
        for one in situations.values()
    }
    faults: list[str] = []
    own: dict[str, list[Template]] = {}
    for reply, place in _own(profile, faults) if profile else ():
        known = situations.get(reply.situation)
        if known is None:
            faults.append(_unknown_situation(place, reply.situation, situations))
            continue
        if wrong := [name for name in fields_in(reply.text) if name not in FIELDS]:
            faults.append(
                f"{place}: text: has a field in braces that there is not ({len(wrong)}); there are: {', '.join(FIELDS)}"
            )
            continue
        mine = own.setdefault(known.id, [])
        mine.append(
            Template(
                key=f"own/{known.id}/{len(mine) + 1}",
                situation=known.id,
                text=reply.text,
                platforms=reply.platforms,
                place=place,
            )
        )
    if faults:
        raise ProfileError("\n".join(faults))
    return Library(situations, {name: (*own.get(name, ()), *shipped) for name, shipped in templates.items()})


def _unknown_situation(place: str, name: str, situations: Mapping[str, Situation]) -> str:
    near = get_close_matches(name, list(situations), n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(situations)}"
    return f"{place}: situation: there is none of that name; {hint}"


def _own(profile: Profile, faults: list[str]) -> Iterator[tuple[OwnReply, str]]:
    for at, reply in enumerate(profile.replies.templates):
        yield reply, f"phiguard.yaml: replies.templates[{at}]"
    if not profile.replies.folder:
        return
    folder = Path(profile.replies.folder)
    files = sorted(path for path in folder.glob("*.y*ml") if path.is_file()) if folder.is_dir() else []
    if not files:
        faults.append("phiguard.yaml: replies.folder: holds no .yaml file; a file begins with `replies:`")
    for path in files:
        yield from _read(path, faults)


def _read(path: Path, faults: list[str]) -> Iterator[tuple[OwnReply, str]]:
    try:
        content, place = read_yaml(path.read_bytes())
    except OSError as error:
        faults.append(f"{path.name}: cannot be read ({error.strerror})")
        return
    except SourceError as error:
        faults += (f"{path.name}:{fault.line}: {fault}" for fault in error.faults)
        return
    try:
        file = msgspec.convert(content, _OwnFile, strict=False)
    except msgspec.ValidationError:
        found = sorted(find_faults(content, place, _OwnFile))
        faults += (f"{path.name}:{fault.line}: {fault}" for fault in found)
        if not found:
            faults.append(f"{path.name}:1: holds `replies:`, a list of situation, text and platforms")
        return
    for at, reply in enumerate(file.replies):
        yield reply, f"{path.name}:{_line(place, at)}: replies[{at}]"


def _line(place: Place, at: int) -> int:
    held: Any = place.children.get("replies")
    inner = held.children.get(at) if held else None
    return inner.line if inner else place.line
