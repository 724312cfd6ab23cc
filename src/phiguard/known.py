"""What rules may ask about the organization and the language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from phiguard.disguise import Normalizer
from phiguard.entities import Entities
from phiguard.profile import Profile

__all__ = ["Known"]


class Known:
    """The answers of one profile on one day (`phiguard.kinds.base.KnownTo`)."""

    def __init__(self, profile: Profile, normalizer: Normalizer, today: dt.date, entities: Entities) -> None:
        self.entities = entities
        self.words = normalizer.words
        self.is_joined = normalizer.is_joined
        self.own_value = profile.own_value
        self.is_staff = profile.is_staff
        self.consents: Mapping[str, Any] = {consent.id: consent for consent in profile.consents}
        self.today = today
        claims = (normalizer.normalize(claim).words.lower() for claim in profile.approved_claims(on=today))
        self.approved = tuple(claim.strip(" .!") for claim in claims)
