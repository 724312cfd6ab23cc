"""Packs of YAML to checked rules. Every fault is found and named before the first post is read."""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from phiguard.engine import pattern_fault
from phiguard.errors import RuleError
from phiguard.hours import parse_window
from phiguard.house import BrandFile, is_brand_file
from phiguard.house_rules import competitor_terms, rules_of
from phiguard.kinds import KINDS, AnyRule
from phiguard.kinds.base import Condition, Rule, Strings
from phiguard.kinds.substitution import searched
from phiguard.model import Media, Parent, Post
from phiguard.packs import PackFile, digest_of, read_files, shipped
from phiguard.terms import Expanded, LiteralTerm, TermError, entity_of, expand, flatten, lexicon_of, terms_of
from phiguard.yaml_source import Place, SourceError, find_faults, read_yaml

__all__ = ["Cue", "Label", "RuleSet", "assemble", "assembled", "load_rules"]

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?")
_OUTBOUND = ("outbound_post", "outbound_reply", "ad")
_INBOUND = ("inbound_comment", "inbound_review", "inbound_dm")
DIRECTIONS: Mapping[str, tuple[str, ...]] = {"outbound": _OUTBOUND, "inbound": _INBOUND}


def expand_directions(names: Sequence[str]) -> tuple[str, ...]:
    """``names`` with ``outbound`` and ``inbound`` told in full."""
    return tuple(one for name in names for one in DIRECTIONS.get(name, (name,)))


class Cue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that label what lies in their reach."""

    side: Literal["after", "before", "both", "covers", "sentence", "next", "post"]
    phrases: Strings
    reach: int | None = None


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A context label, its cues, and the words that end their reach."""

    label: str
    about: str = ""
    cues: tuple[Cue, ...]
    terminators: Strings = ()


class _Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terms: Strings
    about: str = ""


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """Checked rules with the lexicons and labels that they use; ``places`` says ``file:line`` for each id."""

    rules: tuple[AnyRule, ...]
    lexicons: dict[str, Strings]
    labels: tuple[Label, ...]
    digest: str
    places: dict[str, str]

    def __repr__(self) -> str:
        return f"RuleSet(<{len(self.rules)} rules>, digest={self.digest[:12]!r})"

    def find(self, rule_id: str) -> Rule:
        """The rule of that id. Raises `RuleError`, with the nearest ids, if there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        from difflib import get_close_matches  # noqa: PLC0415 (only for a message)

        near = get_close_matches(rule_id, self.places, n=3) or sorted(self.places)[:3]
        raise RuleError([f"no rule has that id: did you mean {', '.join(near)}?"])


def load_rules(packs: Sequence[Path | str | PackFile] = (), *, with_shipped: bool = True) -> RuleSet:
    """The shipped rules and those of ``packs`` (folders or files). Raises `RuleError` with every fault."""
    folders = [shipped()] if with_shipped else []
    return assemble(read_files([*folders, *packs]))


def assemble(files: Sequence[PackFile]) -> RuleSet:
    """The rules of ``files``, checked. Raises `RuleError` with every fault."""
    return assembled(files)[0]


def assembled(files: Sequence[PackFile]) -> tuple[RuleSet, Expanded]:
    """`assemble`, with what every term stands for: the index needs it again, and it costs most of the time."""
    assembly = _Assembly(files)
    return assembly.result(), assembly.expanded


class _Assembly:
    """Collects what the files hold, and every fault on the way."""

    def __init__(self, files: Sequence[PackFile]) -> None:
        self.files = files
        self.faults: list[str] = []
        self.rules: list[AnyRule] = []
        self.at: dict[str, tuple[str, Place]] = {}
        self.lexicons: dict[str, Strings] = {}
        self.labels: dict[str, Label] = {}
        self.shared_at: dict[str, str] = {}
        self.expanded: Expanded = {}
        self.fault_of: dict[str, str | None] = {}

    def result(self) -> RuleSet:
        for name, content in self.files:
            try:
                document, place = read_yaml(content)
            except SourceError as error:
                self.faults += (
                    f"{name}:{fault.line}: {fault.path or 'file'}: {fault.text}" for fault in error.faults
                )
                continue
            self._take(name, document, place)
        for rule in self.rules:
            self._check(rule)
        self._check_shared()
        if self.faults:
            raise RuleError(self.faults)
        return RuleSet(
            rules=tuple(sorted(self.rules, key=lambda rule: rule.id)),
            lexicons=self.lexicons,
            labels=tuple(self.labels.values()),
            digest=digest_of(self.files),
            places={rule_id: f"{name}:{place.line}" for rule_id, (name, place) in self.at.items()},
        )

    def _house(self, name: str, document: Any, place: Place) -> None:
        style = self._convert(name, document, place, BrandFile, "brand")
        if style is not None:
            for item, where in rules_of(style, place):
                self._rule(name, item, where)
            known = self.lexicons.get("competitor", ())
            self.lexicons["competitor"] = (*known, *competitor_terms(style))
            self.shared_at.setdefault("lexicon competitor", f"{name}:{place.line}")

    def _take(self, name: str, document: Any, place: Place) -> None:
        if is_brand_file(document):
            self._house(name, document, place)
            return
        if not isinstance(document, dict) or not set(document) <= {"rules", "lexicons", "labels"}:
            self.faults.append(
                f"{name}:1: file: a pack holds `rules:`, `lexicons:` or `labels:` and nothing else"
            )
            return
        for at, item in enumerate(document.get("rules") or ()):
            self._rule(name, item, place.children["rules"].children[at])
        for key, item in (document.get("lexicons") or {}).items():
            where = place.children["lexicons"].children[key]
            lexicon = self._convert(name, item, where, _Lexicon, f"lexicon {key}")
            if lexicon is not None:
                if key in self.lexicons:
                    self.faults.append(
                        f"{name}:{where.line}: lexicon {key}: stands twice: one list for one name"
                    )
                self.lexicons[key] = lexicon.terms
                self.shared_at[f"lexicon {key}"] = f"{name}:{where.line}"
        for at, item in enumerate(document.get("labels") or ()):
            where = place.children["labels"].children[at]
            label = self._convert(name, item, where, Label, "label")
            if label is not None:
                self._label(label)
                self.shared_at.setdefault(f"label {label.label}", f"{name}:{where.line}")

    def _rule(self, name: str, item: Any, place: Place) -> None:
        owner = str(item.get("id", "rule")) if isinstance(item, dict) else "rule"
        kind = item.get("kind") if isinstance(item, dict) else None
        if kind not in KINDS:
            self.faults.append(f"{name}:{place.line}: {owner}: kind: must be one of {', '.join(KINDS)}")
            return
        body = {key: value for key, value in item.items() if key != "kind"}
        rule = self._convert(name, body, place, KINDS[kind], owner)
        if rule is None:
            return
        if rule.id in self.at:
            self.faults.append(f"{name}:{place.line}: {owner}: id: stands twice: an id names one rule")
            return
        self.at[rule.id] = (name, place)
        self.rules.append(rule)

    def _label(self, label: Label) -> None:
        # A label may be told in several files: cues add up.
        known = self.labels.get(label.label)
        if known:
            label = msgspec.structs.replace(
                label,
                about=known.about or label.about,
                cues=known.cues + label.cues,
                terminators=tuple(dict.fromkeys(known.terminators + label.terminators)),
            )
        self.labels[label.label] = label

    def _convert(self, name: str, item: Any, place: Place, kind: Any, owner: str) -> Any:
        try:
            return msgspec.convert(item, kind, strict=False)
        except msgspec.ValidationError as error:
            faults = list(find_faults(item, place, kind))
            self.faults += (
                f"{name}:{fault.line}: {owner}: {fault.path or 'rule'}: {fault.text}" for fault in faults
            )
            if not faults:  # what only the whole conversion sees
                self.faults.append(f"{name}:{place.line}: {owner}: {error}")
            return None

    def _check(self, rule: AnyRule) -> None:
        name, place = self.at[rule.id]
        for field, what in (*_faults_of(rule), *rule.faults(), *self._term_faults(rule)):
            line = _line(place, field)
            self.faults.append(f"{name}:{line}: {rule.id}: {field}: {what}")

    def _term_faults(self, rule: AnyRule) -> Iterator[tuple[str, str]]:
        for field, terms in term_lists(rule):
            for what in self._faults_of_terms(terms):
                yield field, what
        yield from self._rewrite_faults(rule)
        known = set(self.labels) | {"authorized"}
        for field, labels in (("unless", rule.unless), ("only", rule.only)):
            for label in labels:
                if label not in known:
                    yield field, f"no cue gives the label {label!r}; there are: {', '.join(sorted(known))}"

    def _rewrite_faults(self, rule: AnyRule) -> Iterator[tuple[str, str]]:
        if rule.rewrite is None:
            return
        yield from rule.rewrite.faults()
        for field, term, say in rule.rewrite.terms():
            try:
                said, forms = (expand(one, self.lexicons) for one in (say, term))
            except TermError as error:
                yield field, str(error)
                continue
            if len(said) not in {1, len(forms)}:
                yield (
                    field,
                    f"{term!r} has {len(forms)} forms and what to say has {len(said)}: give one, or as many",
                )

    def _faults_of_terms(self, terms: Strings) -> Iterator[str]:
        for term in terms:
            if term not in self.fault_of:
                self.fault_of[term] = self._fault_of_term(term)
            if fault := self.fault_of[term]:
                yield fault

    def _fault_of_term(self, term: str) -> str | None:
        try:
            if name := lexicon_of(term):
                list(flatten(name, self.lexicons))
                return None
            if entity_of(term):
                return None
            self.expanded[term] = tuple(terms_of(term, self.lexicons))
            for found in self.expanded[term]:
                if isinstance(found, LiteralTerm) or found.forms:
                    continue  # our own making compiles
                if fault := pattern_fault(found.regex):
                    return fault
        except TermError as error:
            return str(error)
        return None

    def _check_shared(self) -> None:
        for label in self.labels.values():
            for field, terms in label_term_lists(label):
                self._shared_faults(f"label {label.label}", field, terms)
        for name, terms in self.lexicons.items():
            self._shared_faults(f"lexicon {name}", "terms", terms)

    def _shared_faults(self, owner: str, field: str, terms: Strings) -> None:
        place = self.shared_at[owner]
        self.faults += (f"{place}: {owner}: {field}: {what}" for what in self._faults_of_terms(terms))


def _line(place: Place, field: str) -> int:
    """The line of a field such as ``without[1].words``, or of what holds it."""
    for step in re.findall(r"[A-Za-z_]+|\d+", field):
        inner = place.children.get(int(step) if step.isdigit() else step)
        if inner is None:
            break
        place = inner
    return place.line


def term_lists(rule: Rule) -> Iterator[tuple[str, Strings]]:
    """``(path, terms)`` of every list of terms in ``rule``."""
    for name in ("phrases", "cue", "needs", "words", "parent", "context"):
        if terms := getattr(rule, name, ()):
            yield name, terms
    if patterns := getattr(rule, "patterns", ()):
        yield "patterns", tuple(f"/{pattern}/" for pattern in patterns)
    for name in ("near", "when", "either"):
        for at, terms in enumerate(getattr(rule, name, ())):
            yield f"{name}[{at}]", terms
    for at, swap in enumerate(getattr(rule, "swap", ())):
        yield f"swap[{at}].instead_of", searched(swap, exact=getattr(rule, "exact", False))
    for at, group in enumerate(getattr(rule, "groups", ())):
        yield f"groups[{at}].words", group.words
    for name, conditions in (("with", rule.with_), ("without", rule.without)):
        for at, condition in enumerate(conditions):
            if condition.words:
                yield f"{name}[{at}].words", condition.words


def label_term_lists(label: Label) -> Iterator[tuple[str, Strings]]:
    """``(path, terms)`` of every list of terms in ``label``."""
    for at, cue in enumerate(label.cues):
        yield f"cues[{at}]", cue.phrases
    if label.terminators:
        yield "terminators", label.terminators


def _faults_of(rule: Rule) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(rule.id):
        yield "id", "is letters and numbers like `FDA-08` or `FDA-08.cure-verb`"
    for field in ("flags", "passes"):
        if not getattr(rule, field):
            yield field, "is empty: a rule without examples is not proven"
    for field, allowed in rule.applies_to.items():
        if field not in APPLIES_TO:
            yield "applies_to", f"knows no field {field!r}; there are: {', '.join(sorted(APPLIES_TO))}"
            continue
        for value in allowed:
            if (choices := _choices(Post, field)) and value not in choices and value not in DIRECTIONS:
                yield f"applies_to.{field}", f"{value!r} is none of: {', '.join(map(str, choices))}"
    for field, conditions in (("with", rule.with_), ("without", rule.without)):
        for at, condition in enumerate(conditions):
            for what in _faults_of_condition(condition):
                yield f"{field}[{at}]", what
    if rule.anchor and not _is_anchor(rule):
        yield (
            "anchor",
            "names a list that must stand in the text: near[1], or with[0].words of a condition on this text without `or`",
        )
    for field in ("where", "media"):
        table = getattr(rule, field, None) or {}
        for path in table:
            if not _is_path(path if field == "where" else f"media.{path}"):
                yield field, f"knows no metadata {path!r}"
    if rule.route is not None:
        try:
            parse_window(rule.route.within)
        except ValueError as error:
            yield "route.within", str(error)


def _is_anchor(rule: Rule) -> bool:
    """Whether the list that ``anchor`` names must stand in every text in which the rule finds something."""
    field, _, rest = rule.anchor.partition("[")
    at, _, more = rest.partition("]")
    if not at.isdigit() or (field, more) not in {("near", ""), ("with", ".words")}:
        return False
    if field == "near":
        return int(at) < len(getattr(rule, "near", ()))
    if int(at) >= len(rule.with_):
        return False
    condition = rule.with_[int(at)]
    return bool(condition.words) and condition.or_ is None and condition.scope in {"sentence", "post"}


def _faults_of_condition(condition: Condition) -> Iterator[str]:
    if not condition.words and condition.where is None:
        yield "needs `words` or `where`"
    for name in ("where", "or_", "and_"):
        for path in getattr(condition, name) or {}:
            if not _is_path(path):
                yield f"knows no metadata {path!r}"


APPLIES_TO = frozenset(
    "direction author_role org_type platform product_type region audience paid action language material_connection".split()
)


def _is_path(path: str) -> bool:
    name, _, rest = path.partition(".")
    if name not in Post.__struct_fields__:
        return False
    kinds: dict[str, type[msgspec.Struct]] = {"reply_to": Parent, "media": Media}
    return not rest or (name in kinds and rest in kinds[name].__struct_fields__)


@functools.cache
def _choices(kind: type[msgspec.Struct], field: str) -> tuple[str, ...]:
    hint = typing.get_type_hints(kind)[field]
    for part in (hint, *typing.get_args(hint)):
        if typing.get_origin(part) is Literal:
            return typing.get_args(part)
    return ()
