"""Organizations that everybody knows: their name in a post identifies nobody."""

from __future__ import annotations

__all__ = ["is_known"]

_NAMES = """
fda | cdc | nih | who | nhs | hhs | cms | osha | dea | epa | ftc | fema | usda | ama | ada | aha | acs | aap | acog | apa | cdph |
niosh | ahrq | hrsa | samhsa | ocr | onc | va | usps | irs | ssa | fbi | nice | mhra | ema | ecdc | unicef | un | eu | unesco |
oecd | nato | medicare | medicaid | tricare | hipaa | obamacare | congress | senate | parliament | pepfar | gavi | food and drug
administration | centers for disease control | centers for disease control and prevention | world health organization | national
institutes of health | national health service | department of health | department of health and human services | health canada |
united nations | red cross | american red cross | american heart association | american cancer society | american diabetes
association | american medical association | alzheimer's association | march of dimes | doctors without borders | public health
england | white house | supreme court | house of representatives | department of justice | department of veterans affairs | better
business bureau | facebook | instagram | insta | twitter | tiktok | youtube | linkedin | google | google maps | yelp | reddit |
whatsapp | snapchat | pinterest | threads | bluesky | nextdoor | messenger | zoom | spotify | netflix | amazon | apple | microsoft
| uber | lyft | etsy | ebay | walmart | target | starbucks | meta | healthgrades | zocdoc | webmd | gofundme | telegram | discord
| twitch | imdb | wikipedia | siri | alexa | chatgpt | openai | bbc | cnn | npr | reuters | abc | nbc | cbs | fox | fox news |
msnbc | guardian | new york times | nyt | washington post | huffpost | lancet | jama | bmj | nejm | nature | science | associated
press | ap | bloomberg | time | forbes | usa today | wall street journal | pfizer | moderna | biontech | astrazeneca | johnson &
johnson | j&j | novartis | merck | gsk | sanofi | roche | bayer | lilly | eli lilly | novo nordisk | abbott | abbvie | gilead |
teva | medtronic | cvs | walgreens | rite aid | nfl | nba | mlb | nhl | fifa | ufc | nascar | espn | olympics
"""
_KNOWN = frozenset(" ".join(name.split()) for name in _NAMES.split("|"))
"""Agencies, associations, platforms, shops, media and makers of medicines, in lower case."""


def is_known(name: str) -> bool:
    """Whether ``name`` is such an organization.

    >>> [is_known(name) for name in ("the FDA", "#CDC", "Facebook's", "Health Canada", "Fernwood Dental")]
    [True, True, True, True, False]
    """
    plain = " ".join(name.casefold().replace("’", "'").strip("@#.,!?'\" ").split())
    return plain.removeprefix("the ").removesuffix("'s").replace(".", "") in _KNOWN
