"""Finding by finding: propose an edit, make it, screen again, keep it if the text is better and nothing new is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from phiguard.entities.base import EntityError
from phiguard.fixing import looks, notes, people, words
from phiguard.fixing.draft import Draft, Edit
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.model import Finding, Post, Screening, Span
from phiguard.profile import Profile
from phiguard.redaction.values import texts_of, with_texts
from phiguard.replying.fields import values_for
from phiguard.screener import Screener
from phiguard.terms import entity_of, expand, lexicon_of

if TYPE_CHECKING:
    from phiguard.kinds.base import Rule

__all__ = ["Change", "Fixed", "Fixer", "Refused", "fix"]

_ROUNDS = 60  # findings that are looked at in one post: nobody has a mechanical fix for more
_ENGLISH = "english_word"
_TAG_LETTERS = 4  # of a word of other lexicons: shorter ones fit into too many words
# What makes later steps see the words comes first, what needs the final length last.
_ORDER = (
    "plain_letters",
    "sentence_case",
    "swap",
    "camel_case",
    "emoji_run",
    "emoji_total",
    "identifier",
    "front",
    "add",
)
_MEANT = frozenset({"identifier", "front", "add"})
"""How findings of several rules are meant to go at once."""
_BY_MEASURE = {
    "fancy_letters": "plain_letters",
    "caps_words": "sentence_case",
    "caps_share": "sentence_case",
    "joined_hashtag": "camel_case",
    "emoji_run": "emoji_run",
    "emoji_total": "emoji_total",
}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One correction: the rule whose finding it answers, how, and where. It holds no text.

    ``was`` are places of the original, ``now`` of the new text, both in code points of ``field``. What was added has a place without length
    in ``was``; what was only taken away has none in ``now``.
    """

    rule: str
    how: str
    field: str
    was: tuple[Span, ...]
    now: tuple[Span, ...]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A correction that was tried and not made: ``broke`` names the rules that would find something new, or nothing any more."""

    rule: str
    how: str
    reason: str
    broke: tuple[str, ...] = ()


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """A post after its mechanical corrections. Only ``post`` holds text.

    ``screening`` is that of the new post: what it still finds is for a person.
    """

    post: Post
    changes: tuple[Change, ...]
    screening: Screening
    refused: tuple[Refused, ...] = ()

    @property
    def text(self) -> str:
        """The new text."""
        return self.post.text

    @property
    def wants_words(self) -> bool:
        """Whether placeholders such as ``[Person A]`` stand in it, where a person must find words."""
        return any(change.how == "identifier" and change.now for change in self.changes)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is found in the new post, and all of it was screened."""
        return self.screening.complete and not self.screening.findings


class Fixer:
    """Makes mechanical corrections for one organization.

    Args:
        profile: the organization; safe defaults without.
        screener: finds what is wrong, before and after; one for ``profile`` without.
    """

    def __init__(self, profile: Profile | None = None, *, screener: Screener | None = None) -> None:
        if screener is None:
            brought: tuple[Any, ...] = profile.packs if profile else ()
            screener = Screener(profile, packs=brought)
        elif profile is not None:
            screener = screener.speaking_for(profile)
        self._screener = screener
        self._profile = screener.profile
        self._rules: dict[str, Rule] = {rule.id: rule for rule in screener.rules.rules}
        self._pairs: dict[str, words.Pairs] = {}
        self._known: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"Fixer({self._profile!r})"

    def fix(self, post: Post | str) -> Fixed:
        """``post`` with every correction that leaves it better: the finding goes, and nothing new is found."""
        if isinstance(post, str):
            post = Post(text=post)
        screening = self._screener.screen(post)
        if post.direction is not None and post.direction.startswith("inbound"):
            return Fixed(post=post, changes=(), screening=screening)  # nobody corrects what others wrote
        drafts = {field: Draft(text) for field, text in texts_of(post).items() if _is_ours(field)}
        done: list[tuple[str, str, str]] = []
        tried: set[tuple[str, str, tuple[Span, ...]]] = set()
        refused: list[Refused] = []
        for _ in range(_ROUNDS):
            chosen = self._next(screening, drafts, tried)
            if chosen is None:
                break
            finding, how = chosen
            tried.add(_key(finding))
            answer = self._tried(post, screening, drafts, finding, how, len(done))
            if answer is None:
                continue
            if isinstance(answer, Refused):
                refused.append(answer)
                continue
            post, screening, draft = answer
            drafts[finding.field] = draft
            done.append((finding.rule, how, finding.field))
        changes = tuple(
            Change(
                rule=rule, how=how, field=field, was=drafts[field].was(number), now=drafts[field].now(number)
            )
            for number, (rule, how, field) in enumerate(done)
        )
        still = {finding.rule for finding in screening}
        kept = tuple(one for one in dict.fromkeys(refused) if one.rule in still)
        return Fixed(post=post, changes=changes, screening=screening, refused=kept)

    def _next(
        self, screening: Screening, drafts: Mapping[str, Draft], tried: set[tuple[str, str, tuple[Span, ...]]]
    ) -> tuple[Finding, str] | None:
        """The finding to look at now, and how it can be put right."""
        open_ones = [
            (_ORDER.index(how), number, finding, how)
            for number, finding in enumerate(screening.findings)
            if finding.field in drafts and _key(finding) not in tried and (how := self._how(finding))
        ]
        return min(open_ones)[2:] if open_ones else None

    def _how(self, finding: Finding) -> str:
        rule = self._rules.get(finding.rule)
        if rule is None:
            return ""
        if rule.rewrite is not None:
            return "swap" if rule.rewrite.swap else "add" if rule.rewrite.add else "front"
        if getattr(rule, "swap", None):
            return "swap"
        if rule.category == "privacy" and finding.spans:
            return "identifier"
        return _BY_MEASURE.get(getattr(rule, "measure", ""), "")

    def _tried(
        self,
        post: Post,
        before: Screening,
        drafts: Mapping[str, Draft],
        finding: Finding,
        how: str,
        number: int,
    ) -> tuple[Post, Screening, Draft] | Refused | None:
        draft = drafts[finding.field]
        try:
            edits = self._edits(finding, how, draft.text, post)
        except EntityError:
            return Refused(rule=finding.rule, how=how, reason="names could not be looked for")
        if not edits:
            return None
        after = draft.edited(edits, number)
        if after.text == draft.text:
            return None
        new = with_texts(post, {finding.field: after.text})
        if len(after.text) > len(draft.text) and (room := _too_long(new, post)):
            return Refused(rule=finding.rule, how=how, reason=room)
        screening = self._screener.screen(new)
        broke = _new_rules(before, screening)
        if broke:
            return Refused(rule=finding.rule, how=how, reason="something new would be found", broke=broke)
        if how not in _MEANT and (hidden := _hidden(before, screening, finding)):
            return Refused(
                rule=finding.rule, how=how, reason="other findings would no longer be seen", broke=hidden
            )
        if not screening.complete and before.complete:
            return Refused(rule=finding.rule, how=how, reason="the result could not be screened whole")
        if _places(screening, finding) >= _places(before, finding):
            return Refused(rule=finding.rule, how=how, reason="it would be found all the same")
        return new, screening, after

    def _edits(self, finding: Finding, how: str, text: str, post: Post) -> list[Edit]:
        proposals: dict[str, Callable[[], list[Edit]]] = {
            "plain_letters": lambda: looks.plain_letters(text, finding.spans),
            "sentence_case": lambda: looks.sentence_case(
                text, self._words(), (*self._names(), *self._people(finding, text, post))
            ),
            "camel_case": lambda: looks.camel_case(
                text, finding.spans, self._words(), self._profile.hashtags
            ),
            "emoji_run": lambda: looks.shorter_runs(text),
            "emoji_total": lambda: looks.fewer_emoji(text),
            "swap": lambda: words.swapped(
                text, finding.spans, self._pairs_of(finding.rule), exact=self._is_exact(finding.rule)
            ),
            "identifier": lambda: self._without_identifiers(finding, text, post),
            "front": lambda: notes.moved_to_front(text, finding.spans, self._rewrite(finding).front),
            "add": lambda: notes.added(text, finding.spans, self._rewrite(finding), self._values(post)),
        }
        return proposals[how]()

    def _rewrite(self, finding: Finding) -> Any:
        return self._rules[finding.rule].rewrite

    def _values(self, post: Post) -> dict[str, str]:
        return values_for(self._profile, regions=post.region)

    def _pairs_of(self, rule_id: str) -> words.Pairs:
        if rule_id not in self._pairs:
            rule = self._rules[rule_id]
            sayings = rule.rewrite.swap if rule.rewrite is not None else getattr(rule, "swap", ())
            self._pairs[rule_id] = words.pairs_of(
                sayings,
                self._screener.rules.lexicons,
                exact=self._is_exact(rule_id),
                is_advice=rule.rewrite is None,
            )
        return self._pairs[rule_id]

    def _is_exact(self, rule_id: str) -> bool:
        """Whether a rule is about the one spelling of a name."""
        rule = self._rules[rule_id]
        return rule.rewrite is None and bool(getattr(rule, "exact", False))

    def _without_identifiers(self, finding: Finding, text: str, post: Post) -> list[Edit]:
        entities = [entity for field, entity in self._screener.entities(post) if field == finding.field]
        is_reply = post.reply_to is not None or post.direction == "outbound_reply"
        return people.without_identifiers(
            text, finding.spans, entities, self._rules.keys(), is_reply=is_reply
        )

    def _words(self) -> frozenset[str]:
        """The words of all lexicons: what a hashtag is made of, and what a shout is."""
        if self._known is None:
            self._known = frozenset(_words_of(self._screener.rules.lexicons))
        return self._known

    def _people(self, finding: Finding, text: str, post: Post) -> Iterator[str]:
        """People and places in ``text``, as names are written."""
        for field, entity in self._screener.entities(post):
            if field == finding.field and entity.label in {"PERSON", "LOCATION"}:
                for word in text[entity.start : entity.end].split():
                    if word.lower() not in self._words():  # a name that is a word too is mostly the word
                        yield word.capitalize()

    def _names(self) -> Iterator[str]:
        profile = self._profile
        yield from (profile.organization.name, *profile.organization.names, *profile.staff.names)
        yield from (name for product in profile.products for name in (product.name, *product.names))


def fix(post: Post | str, *, profile: Profile | None = None) -> Fixed:
    """What `Fixer.fix` answers, for one post. A program with many builds one `Fixer`.

    >>> fixed = fix("Diabetics: walk with us! #walkforhope")
    >>> fixed.text
    'People with diabetes: walk with us! #WalkForHope'
    >>> [(change.rule, change.how) for change in fixed.changes]
    [('BRD-03.condition-noun', 'swap'), ('BRD-10.joined-hashtag', 'camel_case')]
    """
    return Fixer(profile).fix(post)


def _words_of(lexicons: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, terms in lexicons.items():
        for term in terms:
            if term.startswith("/") or lexicon_of(term) or entity_of(term):
                continue
            for form in expand(term, lexicons):
                for word in form.lower().rstrip("*").split():
                    if name == _ENGLISH or (len(word) >= _TAG_LETTERS and word.isalpha()):
                        yield word


def _is_ours(field: str) -> bool:
    """Whether the organization can write it anew: its text and its alt texts, not words inside a picture."""
    return field == "text" or field.endswith(".alt_text")


def _key(finding: Finding) -> tuple[str, str, tuple[Span, ...]]:
    return finding.rule, finding.field, finding.spans


def _places(screening: Screening, like: Finding) -> int:
    return sum(
        max(1, len(finding.spans))
        for finding in screening.findings
        if finding.rule == like.rule and finding.field == like.field
    )


def _new_rules(before: Screening, after: Screening) -> tuple[str, ...]:
    known = {(finding.rule, finding.field) for finding in before.findings}
    return tuple(
        sorted({finding.rule for finding in after.findings if (finding.rule, finding.field) not in known})
    )


def _hidden(before: Screening, after: Screening, mended: Finding) -> tuple[str, ...]:
    """Rules on claims and privacy whose findings went with that of ``mended``: other words for a claim leave it a claim."""
    return tuple(
        sorted(
            {
                finding.rule
                for finding in before.findings
                if finding.category in {"claims", "privacy"}
                and finding.rule != mended.rule
                and _places(after, finding) < _places(before, finding)
            }
        )
    )


def _too_long(new: Post, old: Post) -> str:
    """Why the new text does not fit its platform; empty if it does."""
    counted = MEASURES["characters"].count(MeasureView(text=new.text, post=_reply_or_post(new, old)))
    if counted.limit is None or counted.value <= counted.limit:
        return ""
    return f"it would have {int(counted.value)} characters, and {new.platform} takes {int(counted.limit)}"


def _reply_or_post(new: Post, old: Post) -> Post:
    if new.direction is None and old.reply_to is not None:
        return msgspec.structs.replace(new, direction="outbound_reply")
    return new
