"""Which rules a kind of post is held against, bound to the scan: worked out once for each combination of metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from phiguard.context import BoundCondition, Labeler
from phiguard.index import Index
from phiguard.kinds.base import (
    Condition,
    Match,
    Matcher,
    Rule,
    Scene,
    Seen,
    Strings,
    Terms,
    View,
    fulfils,
    holds,
)
from phiguard.kinds.limit import LimitMatcher
from phiguard.kinds.post import PostRule
from phiguard.model import Finding, Post, Route, Span
from phiguard.parts import CUED, is_planned, part_of
from phiguard.rules import RuleSet, expand_directions
from phiguard.text import NormalText

__all__ = ["BoundRule", "Plan", "bind_rules", "plan_for"]


class _Binder:
    """Looks up the numbers of one rule's terms."""

    def __init__(self, index: Index, owner: str) -> None:
        self._index = index
        self._owner = owner
        self.is_late = False

    def terms(self, path: str, terms: Strings, *, anchor: bool = False, case: bool = False) -> Terms:  # noqa: ARG002
        found = self._index.of(self._owner, path)
        self.is_late = self.is_late or found.is_late
        return found


class BoundRule:
    """A rule, its matcher, and its conditions."""

    __slots__ = ("anchors", "asks_names", "matcher", "needs", "rule", "wanted", "without")

    def __init__(self, rule: Rule, index: Index) -> None:
        self.rule = rule
        binder = _Binder(index, rule.id)
        self.matcher: Matcher = rule.bind(binder)
        self.asks_names = binder.is_late
        self.anchors = index.of(rule.id, rule.anchor).bases if rule.anchor else self.matcher.anchors
        # Conditions on names come last: names are looked for only if nothing else decides.
        self.wanted = _late_last(_bound(rule, "with", rule.with_, index))
        self.without = _late_last(_bound(rule, "without", rule.without, index))
        self.needs = self._needs()

    def _needs(self) -> tuple[int, ...]:
        """Bits of base sets of each of which one must be able to stand in a text in which the rule finds something."""
        lists = [terms.bases for terms in self.matcher.needed]
        lists += [
            condition.terms.bases for _, condition in self.wanted if condition.terms and condition.is_needed
        ]
        return tuple(sum(1 << base for base in set(bases)) for bases in dict.fromkeys(lists))

    def finding(self, field: str, spans: tuple[Span, ...], labels: tuple[str, ...] = ()) -> Finding:
        """The finding of this rule at ``spans`` of a field; ``labels`` are those that it needed and found."""
        rule = self.rule
        route = rule.route
        return Finding(
            rule=rule.id,
            category=rule.category,
            severity=rule.severity,
            message=rule.message,
            why=rule.why,
            source=rule.source,
            fix=rule.fix,
            spans=spans,
            field=field,
            labels=labels,
            confidence=rule.confidence,
            route=Route(queue=route.queue, within=route.within, rule=rule.id) if route else None,
        )

    def may_hold(self, view: View) -> bool:
        """Whether the rule could find anything in ``view``, as far as that can be said without looking for names."""
        return not self.asks_names or all(condition.may_be_met(view) for _, condition in self.wanted)

    def excuse(self, view: View, match: Match, labeler: Labeler) -> str | None:
        """Why ``match`` does not count: the field of the rule that excuses it, and the label if it is one."""
        rule = self.rule
        for at, condition in self.wanted:
            if not condition.is_met(view, match):
                return f"with[{at}]"
        for at, condition in self.without:
            if condition.is_met(view, match):
                return f"without[{at}]"
        if rule.unless and (label := labeler.carried(view, match, rule.unless)):
            return f"unless: {label}"
        if rule.only and labeler.carried(view, match, rule.only) is None:
            return "only"
        return None


def _late_last(conditions: tuple[BoundCondition, ...]) -> tuple[tuple[int, BoundCondition], ...]:
    numbered = enumerate(conditions)
    return tuple(sorted(numbered, key=lambda one: one[1].terms is not None and one[1].terms.is_late))


def _bound(
    rule: Rule, field: str, conditions: Sequence[Condition], index: Index
) -> tuple[BoundCondition, ...]:
    return tuple(
        BoundCondition(condition, index.of(rule.id, f"{field}[{at}].words") if condition.words else None)
        for at, condition in enumerate(conditions)
    )


def bind_rules(rules: RuleSet, index: Index) -> tuple[BoundRule, ...]:
    """Every rule, bound, in the order of ids."""
    return tuple(BoundRule(rule, index) for rule in rules.rules)


Gated = dict[tuple[int, Callable[[NormalText, Post], bool]], list[BoundRule]]


class Plan:
    """The rules for posts of one kind.

    ``by_base`` gives the rules that an anchor calls; ``gated`` the measures, behind their cheap tests; ``pictured`` those of posts with media;
    ``always`` the rest.
    """

    __slots__ = ("always", "by_base", "defaults", "gated", "gated_pictured", "parts", "pictured")

    def __init__(self, rules: Sequence[BoundRule], defaults: Mapping[str, object]) -> None:
        self.defaults = defaults
        self.by_base: dict[int, list[BoundRule]] = {}
        self.gated: Gated = {}
        self.gated_pictured: Gated = {}
        self.always: list[BoundRule] = []
        self.pictured: list[BoundRule] = []
        called = {part_of(bound.rule) for bound in rules if bound.anchors}
        called.add(CUED[str(defaults["direction"]).startswith("inbound")])
        self.parts = tuple(sorted(called))
        for bound in rules:
            if isinstance(bound.matcher, LimitMatcher):
                table = self.gated if "text" in bound.rule.fields else self.gated_pictured
                measure = bound.matcher.measure
                table.setdefault((measure.needs, measure.gate), []).append(bound)
            elif bound.anchors:
                for base in bound.anchors:
                    self.by_base.setdefault(base, []).append(bound)
            else:
                (self.pictured if _needs_media(bound) else self.always).append(bound)

    def called_by(self, seen: Seen, *, gated: bool = True) -> list[BoundRule]:
        """The rules whose anchors (and, if ``gated``, all else that they need) may stand in a text."""
        called: dict[BoundRule, None] = {}
        by_base, passed = self.by_base, seen.passed
        for base in seen.called:
            for bound in by_base.get(base, ()):
                if bound in called:
                    continue
                for need in bound.needs if gated else ():
                    if not passed & need:
                        break
                else:
                    called[bound] = None
        return list(called)


def _needs_media(bound: BoundRule) -> bool:
    rule = bound.rule
    if isinstance(rule, PostRule) and rule.media:
        return True
    return any(condition.scope == "media" and condition.or_ is None for condition in rule.with_)


def plan_for(
    rules: Sequence[BoundRule], post: Post, *, today: dt.date, is_off: Callable[[str], bool]
) -> Plan:
    """The plan for ``post``, whose metadata is filled in."""
    chosen = [
        bound
        for bound in rules
        if _applies(bound.rule, post)
        and (bound.rule.since is None or bound.rule.since <= today)
        and (bound.rule.until is None or today <= bound.rule.until)
        and not is_off(bound.rule.id)
        and is_possible(bound.rule, post)
        and (post.media or not _needs_media(bound))
    ]
    names = ("direction", "author_role", "org_type", "region", "audience", "product_type")
    return Plan(chosen, {name: getattr(post, name) for name in names})


def is_possible(rule: Rule, post: Post) -> bool:
    """Whether the conditions that metadata alone decides let ``rule`` find anything in posts with this plan."""
    scene = Scene(post, {}, None)
    if any(not holds(scene, condition.where or {}) for condition in rule.with_ if is_planned(condition)):
        return False
    return not any(holds(scene, condition.where or {}) for condition in rule.without if is_planned(condition))


def _applies(rule: Rule, post: Post) -> bool:
    wanted = {"direction": ("outbound",), **rule.applies_to}
    for field, allowed in wanted.items():
        if field == "direction":
            allowed = expand_directions(allowed)  # noqa: PLW2901
        value = getattr(post, field)
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        if not fulfils(values, allowed):
            return False
    return True


def plan_key(post: Post) -> tuple[object, ...]:
    """What of a post decides its plan: `PLANNED`, and of some fields only whether they are there."""
    return (
        post.direction,
        post.author_role,
        post.platform,
        post.org_type,
        post.product_type,
        post.product,
        post.region,
        post.audience,
        post.paid,
        post.action,
        post.language,
        post.material_connection,
        post.platform_label_used,
        post.reply_to is None,
        post.consent is None,
        not post.coi,
        not post.media,
    )
