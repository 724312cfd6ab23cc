"""Finds what identifies somebody in a post, and takes it out until nothing is left."""

# ruff: noqa: PLC0415  Presidio is imported when something is to be redacted

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from phiguard.entities.base import EntityError
from phiguard.model import Gap, Post, Screening
from phiguard.placeholders import LABELS
from phiguard.profile import Profile
from phiguard.profile_sections import Contacts, Staff
from phiguard.redaction.presidio import import_anonymizer
from phiguard.redaction.pseudonyms import Pseudonyms
from phiguard.redaction.secret import Secret
from phiguard.redaction.spans import LEFT, Place, Values, label_of, plain_places, resolved
from phiguard.redaction.values import Item, Redacted, RedactionError, texts_of, with_texts
from phiguard.screener import Screener

__all__ = ["DEFAULT", "OPERATORS", "Redactor", "check", "redact", "restore"]

OPERATORS = ("replace", "mask", "hash", "encrypt", "pseudonym", "redact", "keep")
"""What can be done with an identifier; ``redact`` leaves nothing in its place, ``keep`` leaves it as it is."""
DEFAULT = "DEFAULT"
"""The label that stands for all labels without an operator of their own."""

_SECRET = frozenset({"hash", "encrypt"})
_ROUNDS = 8  # redacting once is nearly always enough; what is still found after so many is left out whole
_THREADS = 4_096  # conversations whose pseudonyms are remembered
_OURS = frozenset({"brand", "agency", "clinician"})
_Found = dict[str, list[Place]]


def check(operators: Mapping[str, str] | str, key: str | bytes | None) -> Secret | None:
    """The key, if one of the operators needs one. Raises `RedactionError` as `Redactor` does."""
    for label, operator in _by_label(operators).items():
        if operator not in OPERATORS:
            shown = label if label in LABELS or label == DEFAULT else "a label"
            raise RedactionError(f"no such operator for {shown}: use one of {', '.join(OPERATORS)}")
    return Secret(key) if _SECRET & set(_by_label(operators).values()) else None


def _by_label(operators: Mapping[str, str] | str) -> Mapping[str, str]:
    return {DEFAULT: operators} if isinstance(operators, str) else operators


class Redactor:
    """Redacts posts for one organization. Pseudonyms hold within a thread for as long as the redactor lives.

    Args:
        screener: finds what is to be redacted; a default one without.
        operators: what to do with each label (``{"PERSON": "pseudonym", "DEFAULT": "mask"}``), or with all (``"mask"``).
        key: for ``hash`` and ``encrypt``; without, the environment variable ``PHIGUARD_KEY``.
        keep_own: leaves the organization's own names, staff and contacts (profile) as they are.

    Raises:
        RedactionError: an operator does not exist, or there is no key for one that needs it.
    """

    def __init__(
        self,
        screener: Screener | None = None,
        *,
        operators: Mapping[str, str] | str = "replace",
        key: str | bytes | None = None,
        keep_own: bool = True,
    ) -> None:
        self._operators = {DEFAULT: "replace", **_by_label(operators)}
        self._secret = check(operators, key)
        self._screener = screener or _default_screener()
        if not keep_own:
            self._screener = _knowing_nothing(self._screener)
        self._own = _own_names(self._screener.profile)
        self._also = frozenset(self._operators) - {DEFAULT}
        self._threads: OrderedDict[str, Pseudonyms] = OrderedDict()

    def __repr__(self) -> str:
        return f"Redactor({self._operators!r})"

    def redact(self, post: Post | str) -> Redacted:
        """``post`` without what identifies somebody. Never raises for any text: what fails is left out whole, and is a `Gap`."""
        if isinstance(post, str):
            post = Post(text=post)
        run = _Run(post)
        names = self._names_of(post)
        for _ in range(_ROUNDS):
            try:
                found = self._found(run)
                if not found:
                    break
                self._operate(run, found, names)
            except Exception as error:  # noqa: BLE001 (fail closed: what was not looked at is not passed on)
                # Of an EntityError the message names what was asked for; of others it may quote the text.
                told = error if isinstance(error, EntityError) else type(error).__name__
                run.leave_out(run.texts, f"failed: {told}")
                break
        else:
            run.leave_out(found, f"identifiers were still found after {_ROUNDS} rounds")
        return self._answer(run)

    def redact_many(self, posts: Iterable[Post | str]) -> Iterator[Redacted]:
        """`redact` for each post, in order."""
        return map(self.redact, posts)

    def _answer(self, run: _Run) -> Redacted:
        screening = self._screener.screen(run.post)
        order = {field: at for at, field in enumerate(run.texts)}
        gaps = (*run.gaps, *(gap for gap in screening.unscreened if gap not in run.gaps))
        return Redacted(
            post=run.post,
            items=tuple(sorted(run.items, key=lambda item: (order[item.field], item.start))),
            complete=not gaps,
            unredacted=gaps,
            remaining=tuple(sorted({finding.rule for finding in screening if finding.category == "privacy"})),
        )

    def _names_of(self, post: Post) -> Pseudonyms:
        if post.thread is None:
            return Pseudonyms()
        names = self._threads.setdefault(post.thread, Pseudonyms())
        self._threads.move_to_end(post.thread)
        if len(self._threads) > _THREADS:
            self._threads.popitem(last=False)
        return names

    # --- what is found -----------------------------------------------------------------------------------

    def _found(self, run: _Run) -> _Found:
        """The places to redact: entities, and if there are none, what rules on identifiers still find."""
        found: _Found = {}
        for field, place in self._entities(run):
            text = run.texts.get(field, "")
            if self._operator(place.label) != "keep" and not self._is_own(
                text[place.start : place.end], place
            ):
                found.setdefault(field, []).append(place)
        for field, text in run.texts.items():
            spread = [place for place in run.values.places(text) if self._operator(place.label) != "keep"]
            if spread:
                found.setdefault(field, []).extend(spread)
        return self._resolved(run, found) or self._resolved(run, self._still_found(run))

    def _resolved(self, run: _Run, found: _Found) -> _Found:
        disjoint = {
            field: resolved(run.texts.get(field, ""), places, self._also) for field, places in found.items()
        }
        return {field: places for field, places in disjoint.items() if places}

    def _entities(self, run: _Run) -> Iterator[tuple[str, Place]]:
        post = run.post
        for field, entity in self._screener.entities(post):
            label = label_of(entity, run.texts.get(field, "")[entity.start : entity.end])
            if label and (label not in LEFT or label in self._operators):
                yield field, Place(entity.start, entity.end, label, entity.score)
        for field, text in run.texts.items():
            if field.endswith("text"):
                yield from ((field, place) for place in plain_places(text))
        for field, label, ours in self._whole(post):
            text = run.texts.get(field, "")
            if text and not ours:
                yield field, Place(0, len(text), label)

    def _whole(self, post: Post) -> Iterator[tuple[str, str, bool]]:
        """Fields that are an identifier as a whole: their label, and whether they are the organization's own."""
        role = self._screener.profile.fill(post).author_role
        parent = post.reply_to
        for prefix, who in (("", role), ("reply_to.", parent.author_role if parent else None)):
            yield f"{prefix}author_name", "PERSON", who in _OURS
            yield f"{prefix}author", "HANDLE", who in _OURS
        for at, link in enumerate(post.links):
            yield f"links[{at}]", "URL", self._screener.profile.own_value(link)

    def _still_found(self, run: _Run) -> _Found:
        """What rules on identifiers find though no entity is left: the rest of the identifier goes too."""
        found: _Found = {}
        for prefix, post in _outspoken(run.post):
            screening = self._screener.screen(post)
            for gap in screening.unscreened:
                run.add_gap(gap)
            for field, place in self._identifying(screening):
                if self._operator(place.label) != "keep":
                    found.setdefault(prefix + field, []).append(place)
        return found

    def _identifying(self, screening: Screening) -> Iterator[tuple[str, Place]]:
        for finding in screening:
            if finding.category == "privacy":
                label = self._labels.get(finding.rule, "PHI" if finding.rule.startswith("PHI-") else "")
                for span in finding.spans if label else ():
                    yield finding.field, Place(span.start, span.end, label)

    @functools.cached_property
    def _labels(self) -> dict[str, str]:
        return {rule.id: rule.entity for rule in self._screener.rules.rules if rule.entity}

    def _is_own(self, text: str, place: Place) -> bool:
        if text.casefold().strip("@# .'") in self._own:
            return True
        profile = self._screener.profile
        return profile.is_staff(text) if place.label == "PERSON" else profile.own_value(text)

    def _operator(self, label: str) -> str:
        return self._operators.get(label, self._operators[DEFAULT])

    # --- what is done with it ----------------------------------------------------------------------------

    def _operate(self, run: _Run, found: _Found, names: Pseudonyms) -> None:
        import_anonymizer()
        from phiguard.redaction.operators import operate, operator_configs

        configs = operator_configs(self._secret, names)
        by_label = {
            label: configs[operator] for label, operator in self._operators.items() if operator != "keep"
        }
        for text in run.texts.values():
            names.reserve(text)
        # In reading order: Presidio works from the end, and the first person is to be "Person A".
        for field, text in run.texts.items():
            for place in found.get(field, ()):
                value = text[place.start : place.end]
                run.values.add(value, place.label)
                if self._operator(place.label) == "pseudonym":
                    names.of(place.label, value)
        for field, places in found.items():
            new, items = operate(run.texts[field], field, places, by_label)
            run.replace(field, new, items, places)


class _Run:
    """One post on its way: its texts as they are by now, and what was done."""

    __slots__ = ("_source", "gaps", "items", "texts", "values")

    def __init__(self, post: Post) -> None:
        self._source = post
        self.texts = texts_of(post)
        self.items: list[Item] = []
        self.gaps: list[Gap] = []
        self.values = Values()

    @property
    def post(self) -> Post:
        return with_texts(self._source, self.texts)

    def add_gap(self, gap: Gap) -> None:
        if gap not in self.gaps:
            self.gaps.append(gap)

    def replace(self, field: str, text: str, items: list[Item], places: list[Place]) -> None:
        """Puts a new text in the place of a field's, with the items that were made where ``places`` were."""
        starts = [place.start for place in places]
        moved = [_moved(item, items, places, starts) for item in self.items if item.field == field]
        self.texts[field] = text
        self.items = [*(item for item in self.items if item.field != field), *moved, *items]

    def leave_out(self, fields: Iterable[str], reason: str) -> None:
        """Takes whole texts out: what is left in them is not known."""
        for field in list(fields):
            left = "<TEXT>"
            if self.texts[field] != left:
                self.texts[field] = left
                self.items = [item for item in self.items if item.field != field]
                self.items.append(Item(field, 0, len(left), "TEXT", "replace"))
            self.add_gap(Gap(what=field, reason=reason))


def _moved(item: Item, items: list[Item], places: list[Place], starts: list[int]) -> Item:
    """An earlier item where later ones have changed the text before it."""
    before = bisect_left(starts, item.end) - 1
    if before >= 0 and places[before].end > item.start:  # never inside one another, but one may be empty
        before -= 1
    shift = items[before].end - places[before].end if before >= 0 else 0
    return msgspec.structs.replace(item, start=item.start + shift, end=item.end + shift)


def _outspoken(post: Post) -> Iterator[tuple[str, Post]]:
    """``post`` as if the organization published it without consent, and the parent likewise: no rule on identifiers is excused."""
    direction = "outbound_post" if post.reply_to is None else "outbound_reply"
    yield "", msgspec.structs.replace(post, direction=direction, author_role="brand", consent=None)
    if post.direction is not None or post.author_role is not None:
        yield "", post
    if post.reply_to is not None and post.reply_to.text:
        yield "reply_to.", Post(text=post.reply_to.text, direction="outbound_post")


def _own_names(profile: Profile) -> frozenset[str]:
    own = profile.organization
    names = (own.name, *own.names, *profile.contacts.handles, *profile.staff.handles)
    return frozenset(name.casefold().strip("@# .'") for name in names if name)


def _knowing_nothing(screener: Screener) -> Screener:
    """The same screener for an organization that has no names, staff and contacts."""
    profile = screener.profile
    own = msgspec.structs.replace(profile.organization, name="", names=())
    return screener.speaking_for(
        msgspec.structs.replace(profile, organization=own, contacts=Contacts(), staff=Staff())
    )


@functools.cache
def _default_screener() -> Screener:
    return Screener()


def redact(
    post: Post | str,
    *,
    operators: Mapping[str, str] | str = "replace",
    screener: Screener | None = None,
    key: str | bytes | None = None,
    keep_own: bool = True,
) -> Redacted:
    """What `Redactor.redact` answers. For many posts, and for pseudonyms that hold through a thread, make a `Redactor` once."""
    return Redactor(screener, operators=operators, key=key, keep_own=keep_own).redact(post)


def restore(post: Post | str, *, key: str | bytes | None = None) -> Post:
    """``post`` with everything that was encrypted in it opened again.

    Raises:
        RedactionError: there is no key, or it does not open what is there; says in which field.
    """
    if isinstance(post, str):
        post = Post(text=post)
    secret = Secret(key)
    import_anonymizer()
    from phiguard.redaction.operators import restored

    opened: dict[str, str] = {}
    for field, text in texts_of(post).items():
        fault = ""
        try:
            opened[field] = restored(text, secret)
        except RedactionError as error:
            fault = str(error)
        except Exception as error:  # noqa: BLE001 (a decoder's message may quote what it decodes)
            fault = f"cannot be opened ({type(error).__name__})"
        if fault:
            raise RedactionError(f"{field}: {fault}")
    return with_texts(post, opened)
