"""Texts as people and evaders write them, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = [
    "cure", "cures", "no", "not", "diabetes", "our patient", "your visit", "#CancerCure", "#cancercure", "zero side effects",
    "FDA approved", "d1abetes", "c u r e s", "F.D.A. ", "[at]", "(dot) com", "219-09-9999", "(212) 555-0147", "MRN 00483912",
    "two one two five five five zero one four seven", "\u200b", "\u00ad", "\ufe0f", "1\ufe0f\u20e3", "\u0441ure", "𝓒𝓾𝓻𝓮",
    "Ｃｕｒｅ", "😂", "👩‍⚕️", ".", "!", "?", ";", "\n", "  ", "-", "'", '"', "https://example.com/cure-diabetes", "a@example.com",
    "İ", "ß", "ﬁ", "…", "\ud800", "\x00", "\u202e", "שלום", "日本", "İSTANBUL",
]  # fmt: skip

texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=14).map("".join),
)
