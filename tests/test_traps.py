"""The traps that make a screener cry wolf, or stay silent: every global exception, and every context label."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from phiguard.model import SEVERITIES, Finding, Post
from phiguard.packs import read_files, shipped
from phiguard.rules import assemble
from phiguard.screener import Screener

# Each label: sentences whose "cures", "cure" or "cured" carries it, and near ones where it does not.
LABELS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "negated": (
        (
            "Turmeric does not cure eczema.",
            "There is no known cure for lupus.",
            "This lotion won't cure anything, it soothes.",
            "No pill cures the common cold.",
            "Our gummies are not a cure.",
            "We never said that it cures warts.",
            "Neither herbs nor teas cure asthma.",
            "There is little evidence that honey cures it.",
        ),
        (
            "It is not a drug, but it cures eczema.",
            "It's no supplement; it cures eczema.",
            "It not only cures warts, it smells nice.",
            "No doubt about it: this cures warts.",
            "Don't wait, our tea cures warts.",
            "There is nothing to lose, and it cures warts.",
            "It's not a drug, it cures eczema.",
        ),
    ),
    "hypothetical": (
        (
            "We do not know whether it cures warts.",
            "If this cures your warts, tell nobody.",
            "Even if it cured warts, the risk is high.",
        ),
        ("If you have warts, our drops cure them.", "It cures warts, whether large or small."),
    ),
    "clinician": (
        (
            "Ask your doctor if surgery cures this.",
            "Talk with your pharmacist about what cures a cold sore.",
            "Only your doctor can say what cures it.",
        ),
        (
            "Ask us how our tea cures gout.",
            "Our doctor cures gout.",
            "Ask your doctor why our tea cures gout.",
        ),
    ),
    "corrected": (
        (
            "Myth: lemon water cures diabetes.",
            "It is not true that garlic cures flu.",
            "FACT CHECK. A post says onions cure flu.",
            "Contrary to what you read, mint cures nothing.",
            "Onions cure flu? No, they do not.",
            "Carrots cured his eyes. That is a myth.",
            "Bust the myth! Some still think that bread cures a hangover.",
            "The idea that sugar pills cure cancer has been debunked.",
        ),
        (
            'Our motto: "The tea that cures".',
            "It's true that garlic cures flu.",
            "Myth: eczema stays for life. Fact: our balm cures it.",
            "Our tea cures flu.",
        ),
    ),
    "warned": (
        (
            "Beware of ads for a pill that cures diabetes.",
            "The FDA warned sellers of a tea that cures cancer.",
            "Don't fall for drops that cure autism.",
            "Regulators fined the firm over a bogus cure.",
            "Avoid anyone who claims that it cures arthritis.",
            "If a product cures everything, it is too good to be true.",
        ),
        (
            "Beware of copies: our tea cures gout.",
            "Warning: this cures hunger.",
            "Watch our video, it cures gout.",
        ),
    ),
    "quoted": (
        ('He wrote "it cures all" on the wall.', "She called it a \u201cmiracle that cures\u201d today."),
        ("It cures all.", "He said that it cures all."),
    ),
    "reported": (
        (
            "A study in mice found that the compound cured tumors.",
            "Researchers at the university say that the gene therapy cured two children.",
            "In a 412-person trial, the antibiotic cured more ulcers than placebo.",
            "According to the agency, the new drug cured nine of ten infections.",
            "The drug cured infections in rats, published in Nature Medicine.",
        ),
        (
            "Studies prove it: our tea cures gout.",
            "Science says it cures gout.",
            "According to our customers it cures gout.",
        ),
    ),
    "historical": (
        (
            "In 1918 people thought that onions cured flu.",
            "In the 19th century, mercury was said to cure syphilis.",
            "On this day, penicillin cured its first patient.",
            "Egyptians thought centuries ago that honey cures wounds.",
        ),
        ("Since 2018 we cure warts.", "In May our tea cured his gout."),
    ),
    "population": (
        (
            "1 in 10 adults can be cured with early care.",
            "Thousands of people were cured of hepatitis C in Ohio.",
            "Cure rates rose, and 9 percent of women were cured.",
        ),
        ("Thousands cured by our tea.", "Rated ten of ten stars, it cures gout."),
    ),
    "educational": (
        (
            "Learn about the drugs that cured hepatitis.",
            "What is a cure, and what is remission?",
            "Webinar: how to talk about a cure with your family.",
        ),
        ("Our tea cures gout.", "It cures gout. Learn more today."),
    ),
    "aspiration": (
        (
            "Join the race for the cure on Saturday.",
            "Your dollar helps us to find a cure for lupus.",
            "We hope that one day there will be a cure.",
            "Your gift brings us closer to a cure.",
            "Until there's a cure, we march.",
        ),
        ("Hope is here, and our tea cures gout.", "We found it: the tea that cures gout."),
    ),
    "set_phrase": (
        (
            "Try the cured ham at our café.",
            "The resin needs a light cure of ten seconds.",
            "The Cure concert was loud.",
            "Our UV cured gel lasts.",
        ),
        ("The cured ham is free and our tea cures gout.", "Concert tonight. Our tea cures gout."),
    ),
    "public_health": (
        (
            "Vaccines prevent measles, which nothing cures.",
            "Get screened: early cancers can be cured.",
            "Cervical cancer caught by screening can often be cured.",
        ),
        ("Unlike vaccines our tea cures flu.", "Healthy people love it, it cures flu."),
    ),
    "about_staff": (
        (
            "Our nurse was cured by love of the job.",
            "Employee of the month: Tam cured our printer.",
            "Congratulations to Dr. Roe, who cured our coffee machine.",
        ),
        ("A patient was cured by our tea.", "It cured the lady in room four."),
    ),
    "about_own": (
        ("Visit us at the Cure Street office.", "Call us at the Cure Center today."),
        ("It cured the lady in room four.", "She lives on Cure Street."),
    ),
    "generic": (
        (
            "Patients can be cured if seen early.",
            "Anyone can be cured of it.",
            "Our goal is to cure and to comfort.",
        ),
        ("Bo was cured here.", "She was cured in May."),
    ),
    "past": (
        (
            "Last year your team cured my ulcer.",
            "I was cured of it ten years ago.",
            "When I was pregnant they cured my anemia.",
        ),
        ("It cures my ulcer now.", "Ten minutes ago it cured my headache."),
    ),
    "figurative": (
        ("One look at the duck cured me 😂", "This meme cured me lol", "hahaha cured of Mondays"),
        ("It cured me.", "A lollipop cured me."),
    ),
}


def _rule(label: str) -> dict[str, object]:
    """A rule that finds "cure" unless it carries ``label``."""
    return {
        "id": f"FDA-99.{label.replace('_', '-')}",
        "kind": "phrase",
        "title": "Probe",
        "category": "claims",
        "severity": "high",
        "message": "This is a probe.",
        "why": "It shows what a label does.",
        "source": "none",
        "fix": "None.",
        "phrases": ["cur(e|es|ed)"],
        "unless": [label],
        "flags": [
            "It cures gout.",
            "It cured gout.",
            "A cure!",
            "They cure it.",
            "Here is the cure of gout.",
        ],
        "passes": ["A curious cat.", "Secure it.", "A curate.", "Curfew.", "Manicure."],
    }


@pytest.fixture(scope="module")
def probe() -> Screener:
    """A screener with one rule for each label, and no other."""
    rules = json.dumps({"rules": [_rule(label) for label in LABELS]}).encode()
    shared = read_files([shipped() / "context", shipped() / "lexicons"])
    return Screener(rules=assemble([*shared, ("probe.yaml", rules)]))


def _cases(side: int) -> list[tuple[str, str]]:
    return [(label, text) for label, both in LABELS.items() for text in both[side]]


def _is_found(probe: Screener, label: str, text: str) -> bool:
    return _rule(label)["id"] in {finding.rule for finding in probe.screen(text)}


@pytest.mark.parametrize(("label", "text"), _cases(0))
def test_a_cue_labels_what_it_reaches(probe: Screener, label: str, text: str) -> None:
    assert not _is_found(probe, label, text)


@pytest.mark.parametrize(("label", "text"), _cases(1))
def test_a_cue_labels_nothing_else(probe: Screener, label: str, text: str) -> None:
    assert _is_found(probe, label, text)


def test_every_label_with_cues_is_tried(probe: Screener) -> None:
    # "inferred: …" labels excuse nothing: tests/test_claims.py tries them.
    excusing = {label.label for label in probe.rules.labels if not label.label.startswith("inferred: ")}
    assert excusing - {"authorized"} == set(LABELS)


# The global exceptions, by the shipped rules. Everything here is a brand's post unless it says otherwise.
QUIET = {
    "negation": (
        "Fish oil does not cure arthritis.",
        "There is no cure for type 1 diabetes yet, and we are here for you.",
        "A good moisturizer isn't a substitute for your eczema treatment.",
        "Our calm gummies are not FDA approved.",
    ),
    "correction": (
        "Myth: cinnamon cures diabetes. Fact: it does not.",
        "Beware of ads claiming that a tea cures cancer.",
        "The FDA warned consumers about drops sold as a cure for autism.",
        "Fact check: no, hot baths do not cure the flu.",
    ),
    "question to a clinician": (
        "Ask your doctor if a statin is right for you.",
        "Talk with your pharmacist about your allergy medicine.",
    ),
    "set phrase": (
        "Screening saves lives. Book your mammogram.",
        "Vaccines prevent disease.",
        "Help us find a cure: walk with us in May.",
        "Lace up for the race for the cure!",
        "Proud to ride with Cure SMA this weekend.",
        "New on the café menu: cured meats and figs.",
        "The cure time of this dental resin is ten seconds.",
        "The miracle of birth never gets old for our midwives.",
        "Safe sleep for babies: on the back, every time.",
        "Our teen lounge is a safe space.",
        "The lab won an award for best practices in recycling.",
        "Best of luck to our nursing students!",
        "Our free clinic opens on Tuesday.",
        "Heart disease is the #1 cause of death in the country.",
        "Treat yourself to a walk at lunch.",
        "Trick or treat at the east entrance!",
        "The heart attack grill is not on our menu.",
        "Her contagious laughter fills the ward kitchen.",
        "Sick of waiting? Check in online.",
        "Our lab team is killing it this month.",
    ),
    "population": (
        "About 1 in 10 adults lives with diabetes.",
        "In a 412-person trial, researchers found that walking may lower blood pressure.",
        "Whooping cough cases doubled in the county since May, the health department reports.",
    ),
    "public health": (
        "The CDC recommends the updated flu vaccine for everyone from six months on.",
        "Soap, water, two rounds of the birthday song: wash your hands before lunch.",
    ),
    "staff": (
        "Happy birthday to our nurse Tam!",
        "Congratulations to Dr. Roe, our physician of the year.",
        "Thank you to our donors and volunteers.",
    ),
    "own contact data": (
        "Visit us at 400 Harbor Street, open daily from 8 to 6.",
        "Call our front desk at 212-555-0100 for opening hours.",
    ),
}

LOUD = {
    "scope ends at but": ("It's not a drug, but it cures eczema.", {"product_type": "supplement"}),
    "own slogan in quotes": ('Our herbal drops: "the cure for diabetes".', {"product_type": "supplement"}),
    "rhetorical question": (
        "Want to cure your diabetes? Try our herbal drops.",
        {"product_type": "supplement"},
    ),
    "hedge": ("Our gummies may help treat arthritis.", {"product_type": "supplement"}),
    "disclaimer": (
        "Our capsules cure arthritis. These statements have not been evaluated by the Food and Drug Administration.",
        {"product_type": "supplement"},
    ),
    "fancy letters": ("Our herbal drops 𝗰𝘂𝗿𝗲 diabetes.", {"product_type": "supplement"}),
    "hashtag": ("Our herbal drops. #CureDiabetes", {"product_type": "supplement"}),
}


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def _grave(findings: Sequence[Finding]) -> list[str]:
    return [one.rule for one in findings if SEVERITIES.index(one.severity) >= SEVERITIES.index("medium")]


@pytest.mark.parametrize(("trap", "text"), [(trap, text) for trap, texts in QUIET.items() for text in texts])
def test_the_exception_is_heeded(screener: Screener, trap: str, text: str) -> None:
    assert not _grave(screener.screen(Post(text=text, direction="outbound_post")).findings), trap


@pytest.mark.parametrize("trap", LOUD)
def test_the_exception_saves_no_more_than_it_should(screener: Screener, trap: str) -> None:
    text, fields = LOUD[trap]
    post = Post(text=text, direction="outbound_post", product_type=fields["product_type"])  # type: ignore[arg-type]
    assert any(one.category == "claims" for one in screener.screen(post).findings), trap


@pytest.mark.parametrize(
    "text",
    [
        "Your fourth floor cured my leukemia two summers ago!",
        "My knee surgery on March 3 went well, thank you.",
        "Your tea cured my gout!!",
        "Best doctors in the world, guaranteed.",
    ],
)
def test_a_commenter_is_never_a_violator(screener: Screener, text: str) -> None:
    found = screener.screen(Post(text=text, direction="inbound_comment")).findings
    assert all(one.category == "community" for one in found)


@pytest.mark.parametrize(
    ("queue", "text"),
    [
        ("crisis", "I have decided to end my life tonight."),
        ("crisis", "my sister keeps cutting herself and won't talk to us"),
        ("review", "this parking meter makes me want to die 😂"),
        ("emergency", "half of grandpa's mouth is drooping and he talks gibberish"),
        ("clinical", "Is it normal that my gums bleed a week after the extraction?"),
        ("legal", "You will hear from my attorney."),
        ("privacy", "My MRN is 00483912, where is my MRI report?"),
    ],
)
def test_a_comment_finds_its_queue(screener: Screener, queue: str, text: str) -> None:
    routes = screener.screen(Post(text=text, direction="inbound_comment")).routes
    assert queue in {route.queue for route in routes}


@pytest.mark.parametrize(
    "text",
    [
        "The hold music is killing me lol",
        "My stroke was in 2016, and today I danced at my son's wedding.",
        "That ghost in the lobby almost gave me a heart attack 😂",
        "My boys want to watch Suicide Squad again.",
        "Is the east entrance open on Sundays?",
        "Which insurance cards do you accept?",
        "Sue from the gift shop says hello.",
        "Seven years of MS here, and still gardening!",
    ],
)
def test_an_ordinary_comment_goes_nowhere(screener: Screener, text: str) -> None:
    assert not screener.screen(Post(text=text, direction="inbound_comment")).routes
