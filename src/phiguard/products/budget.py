"""Whether a required statement still fits: its shortest compliant form against the characters that a platform leaves."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.model import Post
from phiguard.platforms import PLATFORMS, fold_of
from phiguard.profile_sections import Product

__all__ = [
    "DSHEA_ONE",
    "DSHEA_SEVERAL",
    "FLORIDA",
    "STATEMENTS",
    "TIGHT",
    "Budget",
    "Statement",
    "budget",
    "statement",
]

DSHEA_ONE = (
    "This statement has not been evaluated by the Food and Drug Administration. "
    "This product is not intended to diagnose, treat, cure, or prevent any disease."
)
"""21 CFR 101.93(c)(1): the words for one claim."""
DSHEA_SEVERAL = DSHEA_ONE.replace("This statement has", "These statements have")
"""21 CFR 101.93(c)(2): the words for several claims."""
FLORIDA = (
    "THE PATIENT AND ANY OTHER PERSON RESPONSIBLE FOR PAYMENT HAS A RIGHT TO REFUSE TO PAY, CANCEL PAYMENT, OR BE REIMBURSED "
    "FOR PAYMENT FOR ANY OTHER SERVICE, EXAMINATION, OR TREATMENT THAT IS PERFORMED AS A RESULT OF AND WITHIN 72 HOURS OF "
    "RESPONDING TO THE ADVERTISEMENT FOR THE FREE, DISCOUNTED FEE, OR REDUCED FEE SERVICE, EXAMINATION, OR TREATMENT."
)
"""Section 456.062, Florida Statutes."""
_HOMEOPATHIC = (
    "No scientific evidence shows that it works. "
    "Its claims rest only on theories from the 1700s that most modern medical experts do not accept."
)

TIGHT = 500
"""Characters: a platform that takes no more is short of room, and its budget is worth telling."""


class Statement(NamedTuple):
    """What must be said: the full form, and the shortest that still complies. ``is_first``: it must stand at the start."""

    full: str
    short: str
    is_first: bool = False


STATEMENTS: dict[str, Statement] = {
    "dshea": Statement(DSHEA_ONE, DSHEA_ONE),
    "dshea_several": Statement(DSHEA_SEVERAL, DSHEA_SEVERAL),
    "florida": Statement(FLORIDA, FLORIDA),
    "homeopathic": Statement(_HOMEOPATHIC, _HOMEOPATHIC),
    "ad": Statement("Ad: paid partnership.", "Ad:", is_first=True),
    "work_here": Statement("I work at [organization].", "I work here.", is_first=True),
    "investigational": Statement(
        "Investigational. Its safety and efficacy have not been established.",
        "Investigational: safety and efficacy not established.",
    ),
    "before_after": Statement(
        "[Procedure], unedited. The same before and after results may not occur for all patients.",
        "Same results may not occur for all patients.",
    ),
    "model": Statement("Model, not a patient.", "Model, not a patient."),
    "machine": Statement(
        "Automated assistant, not a clinician. To reach a person call [number].",
        "Automated, not a clinician.",
    ),
    "general": Statement(
        "General information, not medical advice. Talk with your clinician. In an emergency call 911.",
        "General info, not medical advice.",
    ),
    "typical": Statement(
        "Most people in our program [usual result, with the year of the data].", "Most: [usual result]."
    ),
    "not_approved": Statement("This product is not FDA-approved.", "Not FDA-approved."),
}
"""Statements with words of their own. Words in square brackets are yours to fill in; they count as they stand."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What room a post leaves for a statement on its platform. ``limit`` is ``None`` where no limit is known."""

    limit: int | None
    used: int
    full: int
    short: int

    @property
    def left(self) -> int | None:
        """Characters that are left, below zero if the post is too long already."""
        return None if self.limit is None else self.limit - self.used

    @property
    def fits(self) -> bool:
        """Whether the full form fits beside the text as it is."""
        return self.left is None or self.full <= self.left

    @property
    def fits_short(self) -> bool:
        """Whether the shortest compliant form fits beside the text as it is."""
        return self.left is None or self.short <= self.left

    @property
    def is_possible(self) -> bool:
        """Whether the shortest form leaves room for anything else on this platform: half of it, at least."""
        return self.limit is None or self.short * 2 <= self.limit


def statement(name: str, product: Product | None = None) -> Statement | None:
    """Return the statement of that name; ``risk`` and ``generic`` take their words from ``product``, ``None`` if it has none.

    >>> statement("generic", Product(name="Lumora", generic="zentaprol")).short
    '(zentaprol)'
    """
    if name == "generic":
        return (
            Statement(f"({product.generic})", f"({product.generic})") if product and product.generic else None
        )
    if name == "risk":
        if not product or not product.risk_text:
            return None
        return Statement(product.risk_text, product.risk_text.partition(". ")[0].rstrip(".") + ".")
    return STATEMENTS[name]


def budget(said: Statement, post: Post) -> Budget:
    """Return the room that ``post`` leaves for ``said`` on its platform, counted as the platform counts.

    >>> from phiguard.model import Post
    >>> room = budget(STATEMENTS["dshea"], Post(text="Zinc supports immune health.*", platform="x"))
    >>> room.left, room.fits, room.is_possible
    (250, True, False)
    """
    used = _weight(post.text, post)
    limits = PLATFORMS.get(post.platform) if post.platform else None
    limit = None if limits is None else limits.premium if post.premium and limits.premium else limits.post
    if said.is_first and limit is not None:
        limit = max(limit, fold_of(post.platform))
    gap = 1 if post.text else 0
    return Budget(
        limit=limit, used=used + gap, full=_weight(said.full, post), short=_weight(said.short, post)
    )


def _weight(text: str, post: Post) -> int:
    if not text:
        return 0
    return int(MEASURES["characters"].count(MeasureView(text=text, post=post)).value)
