"""The product that a post is about, by the names of the profile."""

from __future__ import annotations

import re

import msgspec

from phiguard.model import Post
from phiguard.profile import Profile
from phiguard.profile_sections import Product

__all__ = ["ProductNames"]

_LEAST = 3  # letters: a shorter name is a word of something else


class ProductNames:
    """Finds the organization's own products in texts. Built once for a profile."""

    def __init__(self, profile: Profile) -> None:
        self._products: dict[str, Product] = {}
        names: set[str] = set()
        for product in profile.products:
            for name in (product.name, *product.names, product.generic):
                if len(_key(name)) >= _LEAST:
                    self._products.setdefault(_key(name), product)
                    names.add(name)
        shapes = "|".join(_loosely(name) for name in sorted(names, key=lambda name: (-len(name), name)))
        self._finder = re.compile(rf"(?<![^\W_])(?:{shapes})(?![^\W_])") if names else None

    def __repr__(self) -> str:
        return f"ProductNames(<{len(self._products)} names>)"

    def named(self, text: str) -> Product | None:
        """Return the product whose name stands first in ``text``.

        >>> from phiguard.profile_sections import Product
        >>> names = ProductNames(Profile(products=(Product(name="Lumora", generic="zentaprol"),)))
        >>> names.named("Mornings are back with LUMORA!").name
        'Lumora'
        >>> names.named("Good morning")
        """
        if self._finder is None:
            return None
        found = self._finder.search(text.casefold())
        return None if found is None else self._products[_key(found[0])]

    def about(self, post: Post) -> Post:
        """Return ``post`` with its product, and the product's kind, if the words name one and the metadata does not.

        An incoming text stays as it is: who comments on a product sells none.
        """
        if self._finder is None or post.product is not None or (post.direction or "").startswith("inbound"):
            return post
        texts = (
            post.text,
            *(said for media in post.media for said in (media.ocr_text, media.alt_text) if said),
        )
        product = next((found for text in texts if (found := self.named(text))), None)
        if product is None:
            return post
        kind = post.product_type or (product.type if product.type != "none" else None)
        return msgspec.structs.replace(post, product=product.name, product_type=kind)


def _key(name: str) -> str:
    return "".join(_parts(name))


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())


def _loosely(name: str) -> str:
    """A pattern for a name however its words are joined ("Flexi-Nerve", "FlexiNerve" for "Flexi Nerve")."""
    return r"[\W_]{0,2}".join(map(re.escape, _parts(name)))
