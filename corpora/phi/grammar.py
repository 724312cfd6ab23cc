"""The language that the generated posts are put together from: words, ways to tell, and who tells.

``<name>`` stands for one of the words under that name, ``{LABEL}`` for a made identifier, which is labelled. A word
list may hold further names. ``<she>``, ``<her>`` and ``<hers>`` agree within a post.
"""

from __future__ import annotations

import dataclasses

__all__ = ["FIRST", "LAST", "SHAPES", "WORDS", "Shape"]


@dataclasses.dataclass(frozen=True)
class Shape:
    """One kind of post: what it must be found for, who says it, and the ways to say it."""

    kind: str
    expect: str
    ways: tuple[str, ...]
    post: tuple[tuple[str, str], ...] = ()
    tolerate: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    faces: str = ""
    weight: int = 1


FIRST = """Aaliyah Abdi Adaeze Agnieszka Aiko Alma Amara Anselm Arjun Astrid Bao Beatriz Birgit Bojan Caoimhe Cedric Chidi
Corazon Darnell Deepika Dmitri Earlene Eilidh Emeka Esperanza Eun-ji Fatima Fergus Gaurav Georgina Giulia Hadiza Hamish
Hiroshi Ifeoma Imelda Ines Jamal Jesus Jolene Kaito Kamala Kwame Lakshmi Latisha Leilani Lourdes Luz Mahmoud Maeve Malik
Marcel Mei Mireille Mohammed Nadia Naomi Nkechi Noor Oksana Olu Orla Pedro Petra Quan Rafaela Rashid Rhiannon Rosario
Ruth Saoirse Shanice Shiv Siobhan Sofia Sven Tamika Tariq Thandiwe Tomasz Uma Valentina Vusi Wanjiru Xavier Ximena
Yusuf Zainab Zbigniew Linda Bob Susan Carl Peggy Dennis Joyce Walt""".split()
LAST = """Abara Acheampong Andersen Banerjee Barzani Bianchi Bodnar Castaneda Chaudhry Chen Dlamini Dubois Eze Farouk
Fitzgerald Fonseca Ghosh Gutierrez Haddad Hakimi Ishikawa Ivanov Jankowski Kamara Kaur Kowalski Kruger Lindqvist Lopez
MacLeod Mbeki Mendoza Moreau Mwangi Nakamura Nasser Novak O'Dowd Obi Okonkwo Oyelaran Pappas Pereira Petrov Quispe Rao
Rossi Saleh Schmidt Sikorski Silva Singh Sorensen Suarez Takahashi Tanaka Tesfaye Thapa Tran Uddin Vargas Vega Wang
Weiss Yamada Yildiz Zapata Zhou Baker Higgins Tuttle Prather McCoy Snell""".split()

WORDS: dict[str, tuple[str, ...]] = {
    "procedure": (
        "knee replacement", "root canal", "tummy tuck", "C-section", "colonoscopy", "bypass", "gallbladder surgery",
        "hysterectomy", "cataract surgery", "wisdom tooth extraction", "liver transplant", "spinal fusion", "hernia repair",
        "IVF cycle", "biopsy", "mastectomy", "dialysis run", "skin graft", "stent", "sinus surgery",
    ),
    "condition": (
        "breast cancer", "leukemia", "pneumonia", "type 1 diabetes", "MS", "lupus", "a stroke", "sepsis", "kidney failure",
        "a heart attack", "epilepsy", "melanoma", "Crohn's", "sickle cell", "heart failure", "COPD", "a brain bleed",
    ),
    "sensitive": (
        "HIV", "bipolar disorder", "schizophrenia", "chlamydia", "an eating disorder", "genital herpes", "PTSD",
        "a miscarriage", "gender dysphoria", "postpartum depression",
    ),
    "unit": ("our ICU", "4 West", "the burn unit", "our rehab floor", "our infusion center", "labor and delivery", "the NICU",
             "our cath lab", "our wound clinic", "the step-down unit"),
    "us": ("us", "our team", "our clinic", "our office", "Alder Creek", "our surgeons", "the crew in <unit>"),
    "praise": ("You inspire us", "What a fighter", "So proud of <her>", "Not a dry eye in the room", "We love happy endings",
               "<she_c> never stopped smiling", "Hats off", "Best part of our week"),
    "garnish": ("", "", "", " 🎉", " 💪", " ❤️", " #healthcareheroes", " #PatientFirst", " 😊", "!!", " 🙌"),
    "opener": ("", "", "", "Good morning! ", "Big news: ", "Friday feels: ", "Guess what? ", "Update: ", "PSA: ", "Happy Monday. "),
    "job": ("kindergarten teacher", "city bus driver", "deputy sheriff", "school nurse", "baker", "youth pastor", "roofer",
            "mail carrier", "high school coach", "bank manager", "trapeze artist", "dairy farmer"),
    "ageword": ("19-year-old", "34 y/o", "52yo", "seven-year-old", "72 year old", "41M", "26F", "teenage", "middle-aged"),
    "town": ("Kettle Falls", "Paw Paw", "Walla Walla", "Muncie", "Yreka", "Boise City", "Truth or Consequences", "Bangor",
             "Lubbock", "Winnemucca", "Sandusky", "Hattiesburg", "Gallup", "Cooperstown"),
    "place": ("Harlan County", "the Sunset District", "Riverside Middle School", "the Pine Ridge trailer park", "Fort Hollis",
              "Eastgate Mall", "St. Brendan's parish", "the Dunmore steel plant"),
    "mishap": (
        "stuck a bead up <hers> nose again", "glued <her>self to a chair", "drank hand sanitizer for the second time this week",
        "came in with a toothbrush where it does not belong", "tried to fight security in a gown", "lost a bet with a nail gun",
        "fell off the mechanical bull at <hers> own bachelor party", "swallowed a car key", "faked a seizure for a sandwich",
    ),
    "eyeroll": ("smh", "lol", "🙄", "i can't", "make it make sense", "never a dull shift", "why am i like this for this job", "😂😂"),
    "bedside": ("bed 7", "bay 3", "room 12", "triage", "trauma 1", "the hallway bed", "room 214B"),
    "visit": ("visit", "appointment", "stay", "surgery", "cleaning", "delivery", "procedure", "treatment", "consultation", "scan"),
    "day": ("last week", "on Tuesday", "yesterday", "in March", "the other day", "this month"),
    "event": ("blood drive", "health fair", "5K", "flu shot clinic", "open house", "CPR class", "car seat check", "gala",
              "hearing screening", "cooking class"),
    "disease_name": ("Parkinson's", "Crohn's", "Alzheimer's", "Hodgkin lymphoma", "Graves' disease", "Bell's palsy", "Tourette",
                     "Raynaud's", "Huntington's", "Asperger", "Lou Gehrig's disease", "Sjögren's"),
    "credential": ("RN", "MD", "NP", "DPT", "PharmD", "DDS", "PA-C", "MSN, RN", "RDH", "LCSW"),
    "role": ("nurse manager", "cardiologist", "physical therapist", "pharmacist", "dental hygienist", "front desk lead",
             "chief nursing officer", "pediatrician", "volunteer of the year", "dietitian"),
    "month": ("January", "March", "May", "August", "September", "October", "November"),
    "advice": (
        "Wash your hands for 20 seconds", "Know your blood pressure", "Ask your doctor when to start screening",
        "Get your flu shot", "Lock up your medicines", "Wear a helmet", "Learn the signs of stroke", "Drink water before you feel thirsty",
    ),
}  # fmt: skip

POSTED = (("direction", "outbound_post"),)
STAFF = (("direction", "outbound_post"), ("author_role", "employee_personal"))
REPLY = (("direction", "outbound_reply"),)
COMMENT = (("direction", "inbound_comment"), ("author_role", "public"))
STORY = ("PHI-01", "PHI-08", "PHI-09", "PHI-10", "PHI-11", "PHI-12", "PHI-14", "PHI-15", "CNS")
ANY_REPLY = ("RPL", "PHI-01", "PHI-10", "PHI-14", "CNS")
BAD_REVIEW = (
    "Terrible experience.",
    "Would not recommend.",
    "Rude people, dirty place.",
    "One star is too many.",
    "Never going back.",
)
GOOD_REVIEW = (
    "Five stars!",
    "Lovely people.",
    "Great place, friendly staff.",
    "10/10",
    "Thank you all so much!",
)

SHAPES: tuple[Shape, ...] = (
    Shape("name; brand voice", "PHI-01", (
        "<opener>no more infusions for {PERSON}, chemo with <us> is over as of today. <praise><garnish>",
        "<praise>, {PERSON}! Home after <hers> <procedure> in <unit><garnish>",
        "<opener>Meet {PERSON}, who came to <us> with <condition> and walked out on <hers> own two feet<garnish>",
        "Everybody in <unit> knows {PERSON}: <condition> never had a chance<garnish>",
        "{PERSON} rang the bell! No more treatment for <condition><garnish>",
        "<opener>{PERSON}'s <procedure> went perfectly and <she> is already asking for pancakes<garnish>",
        "Thank you {PERSON} for trusting <us> with your <procedure><garnish>",
        "Guess who is off the ventilator? {PERSON}!<garnish>",
        "Our patient {PERSON} says hi from <unit><garnish>",
        "<opener>results are back for {PERSON} and the <procedure> was a success<garnish>",
    ), POSTED, STORY, weight=4),
    Shape("name; staff voice", "PHI-01", (
        "{PERSON} coded twice on my shift and still cracked a joke about <hers> <procedure>",
        "told {PERSON} <she> could go home today and we both cried. <condition> is brutal <eyeroll>",
        "if {PERSON} hits the call light one more time about <hers> <procedure> <eyeroll>",
        "fed {PERSON} in <bedside> because nobody else would. aide life",
        "got {PERSON} up to the chair after the <procedure>. small wins <garnish>",
    ), STAFF, STORY, weight=2),
    Shape("name; clinical voice", "PHI-01", (
        "Pt {PERSON} s/p <procedure>, doing well, d/c to home.",
        "{PERSON}, <ageword>, admitted to <unit> with <condition>, stable overnight.",
        "Consult note: {PERSON} tolerated the <procedure> well.",
        "{PERSON} - hx of <condition> - seen in <bedside>.",
    ), POSTED, (*STORY, "PHI-02", "PHI-03")),
    Shape("deceased by name", "PHI-12", (
        "We lost {PERSON} last night. <unit> will not be the same",
        "Rest in peace {PERSON}. You fought <condition> to the end on our floor 🕊️",
        "Holding the family of {PERSON} close: <she> passed away in our hospice after <condition>",
    ), POSTED, (*STORY, "PHI-03")),
    Shape("place", "PHI-02", (
        "A <ageword> <job> from {LOCATION} is recovering from <hers> <procedure> with <us><garnish>",
        "We treated a <job> from {LOCATION} for <condition> this year<garnish>",
        "Our patient drove in from {LOCATION} for <hers> <procedure><garnish>",
        "The <ageword> patient lives in {LOCATION} and came to <us> with <condition>.",
        "One of our <condition> patients, zip {ZIP}, rides two hours each way<garnish>",
    ), POSTED, STORY, weight=2),
    Shape("date of care", "PHI-03", (
        "<opener>Our patient was admitted {WHEN} with <condition> and is already up<garnish>",
        "<she_c> had <hers> <procedure> with <us> on {DATE_TIME}, back to gardening now<garnish>",
        "The patient was discharged from <unit> on {DATE_TIME}.",
        "A <job> came to <us> with <condition> {WHEN}. <praise><garnish>",
        "Patient born {BIRTH}, <procedure> scheduled, consent signed.",
        "The newborn arrived in <unit> {WHEN} and stole every heart<garnish>",
    ), POSTED, (*STORY, "PHI-04"), weight=2),
    Shape("age of 90 or more", "PHI-04", (
        "Our {AGE_OVER_89}-year-old patient walked out after <hers> <procedure><garnish>",
        "At {AGE_OVER_89}, <she> is the oldest patient who ever had a <procedure> with <us><garnish>",
        "Patient is {AGE_OVER_89} y/o with <condition>, doing well in <unit>.",
        "<she_c> turned {AGE_OVER_89} in <unit> while getting over <condition><garnish>",
    ), POSTED, (*STORY, "PHI-03")),
    Shape("phone or mail", "PHI-05", (
        "Would the patient who left a hearing aid in <unit> call us? We tried {PHONE_NUMBER}.",
        "Lab called the patient back at {PHONE_NUMBER} about the <procedure>.",
        "Her <procedure> photos were sent to {EMAIL_ADDRESS}<garnish>",
        "Patient reachable at {EMAIL_ADDRESS}, follow up after <procedure>.",
        "<opener>faxed the patient's <procedure> report to {PHONE_NUMBER}",
    ), POSTED, STORY, weight=3),
    Shape("record number", "PHI-06", (
        "MRN {MEDICAL_RECORD}: <procedure> moved to Friday.",
        "Chart number {MEDICAL_RECORD} was left open in <unit>, please be careful.",
        "Medical record # {MEDICAL_RECORD} shows <condition>, results are in.",
    ), POSTED, STORY),
    Shape("plan number", "PHI-06", (
        "Member ID {HEALTH_PLAN} is approved for the <procedure><garnish>",
        "Patient's insurance, subscriber no. {HEALTH_PLAN}, denied the <procedure> again.",
        "Policy number {HEALTH_PLAN}: claim for the <procedure> is paid.",
        "Medicare number {MBI} on the card, patient here for <procedure>.",
    ), POSTED, STORY),
    Shape("social security number", "PHI-06", (
        "The patient's social is {US_SSN}, please resend the claim.",
        "SSN {US_SSN} does not match the chart for the <procedure>.",
        "<opener>who wrote {US_SSN} on the whiteboard in <unit>? That is a patient's social security number.",
    ), POSTED, STORY, weight=3),
    Shape("account or licence", "PHI-06", (
        "Patient account {ACCOUNT} still owes for the <procedure>.",
        "Guarantor acct # {ACCOUNT}: statement for <procedure> went out.",
        "Driver's license {LICENSE} was left at check-in by a patient.",
        "Copay for the patient's <procedure> was put on card {CARD} twice.",
    ), POSTED, STORY),
    Shape("vehicle", "PHI-07", (
        "Patient in the blue truck, plate {PLATE}, you are blocking the ambulance bay.",
        "The family of the <condition> patient: your car with license plate {PLATE} has its lights on.",
        "Towed from the ER lot, belongs to a patient: VIN {VIN}.",
    ), POSTED, STORY),
    Shape("device", "PHI-07", (
        "<hers_c> new pacemaker, serial {DEVICE_ID}, checked out perfectly<garnish>",
        "The patient's insulin pump s/n {DEVICE_ID} was found in <unit>.",
        "Implant serial number {DEVICE_ID} placed during the patient's <procedure>.",
    ), POSTED, STORY),
    Shape("link or address on the net", "PHI-07", (
        "Patient's <procedure> images: {URL}",
        "Your results are ready, just click {URL}<garnish>",
        "The patient joined the video visit from {IP_ADDRESS}, bad connection.",
    ), POSTED, STORY),
    Shape("staff venting", "PHI-10", (
        "had a <ageword> <job> in <bedside> tonight who <mishap> <eyeroll>",
        "so this <job> rolls into <bedside> and <she> <mishap> <eyeroll>",
        "my pt in <bedside>, a <ageword> <job>, <mishap> <eyeroll>",
        "you guys. a <ageword> <job> just <mishap>. in <bedside>. <eyeroll>",
    ), STAFF, (*STORY, "PHI-02", "PHI-03"), weight=2),
    Shape("sensitive, by name", "PHI-14", (
        "So glad we could help {PERSON} with <sensitive><garnish>",
        "{PERSON} was diagnosed with <sensitive> here and is doing great<garnish>",
        "Our patient {PERSON} is open about <sensitive>, we are proud of <her>",
    ), POSTED, STORY),
    Shape("programme patient", "PHI-13", (
        "90 days sober today, {PERSON}! The whole house is cheering<garnish>",
        "Congrats to our alum {PERSON} on one year clean<garnish>",
        "{PERSON} graduated from our detox program <day><garnish>",
    ), (*POSTED, ("org_type", "part2_program")), (*STORY, "PHI-03")),
    Shape("reply confirms", "RPL-01", (
        "Thanks for coming to <us> for your <procedure><garnish>",
        "It was wonderful to take care of you during your <visit><garnish>",
        "We are sorry that your <visit> <day> fell short. Please call our manager.",
        "So happy that you had a good <visit> with <us><garnish>",
        "We hope that you are healing well after your <visit>!",
        "Thanks for being our patient for so many years<garnish>",
        "See you at your next <visit>!",
    ), REPLY, (*ANY_REPLY, "PHI-03"), (*BAD_REVIEW, *GOOD_REVIEW), weight=3),
    Shape("reply denies", "RPL-02", (
        "We have never treated you.", "You are not in our system and never had a <visit> here.",
        "Our records show no patient by that name.", "This person has never been to our office.",
    ), REPLY, ANY_REPLY, BAD_REVIEW),
    Shape("reply adds facts", "RPL-03", (
        "You missed your <visit> three times and were told about the fee.",
        "Your balance for the <procedure> has been open since <month>.",
        "Your insurance refused to pay for the <procedure>, not us.",
        "You refused the <procedure> that our doctor advised.",
        "{PERSON}, we told you on the phone that the <procedure> had to wait.",
    ), REPLY, (*ANY_REPLY, "PHI-03"), BAD_REVIEW, weight=2),
    Shape("reply echoes", "RPL-05", (
        "We are so sorry about your <echo>.", "How is the <echo> healing? We are thinking of you!", "Glad to read that the <echo> went well<garnish>",
    ), REPLY, ANY_REPLY, ("My <echo> was so hard on me.", "Had my <echo> with you in <month>.", "<echo> done, feeling okay!")),
    Shape("reply asks in public", "RPL-06", (
        "Write your birth date and a phone number below so that we can find you.",
        "What was your <visit> for, and which doctor did you see?",
        "Reply with your member ID and full name so that we can check.",
        "Send us your diagnosis and a list of your medications.",
    ), REPLY, ANY_REPLY, BAD_REVIEW),
    Shape("comment gives away identifiers", "CMT-08", (
        "this is {PERSON} dob {BIRTH}, call me at {PHONE_NUMBER} about my <procedure>",
        "my member id is {HEALTH_PLAN}, why was the <procedure> denied",
        "email me {EMAIL_ADDRESS} when my <procedure> results are in pls",
        "MRN {MEDICAL_RECORD}. nobody will tell me what my <procedure> showed.",
        "ssn {US_SSN} just look me up, i need my <procedure> records",
    ), COMMENT, ("CMT-05", "CMT-06"), weight=2),
    Shape("address", "PHI-02", (
        "Ambulance brought <us> a patient from {STREET_ADDRESS} with <condition>.",
        "Our home nurse visits the <condition> patient at {STREET_ADDRESS} every week<garnish>",
        "Patient's address is {STREET_ADDRESS}, <procedure> follow up at home.",
    ), POSTED, STORY),
    Shape("picture of a patient", "PHI-08", (
        "Look at that smile<garnish>", "Happy faces all around<garnish>", "What a day<garnish>", "<procedure> day!<garnish>",
    ), POSTED, STORY, alts=(
        "A patient after <hers> <procedure>", "Our patient in <unit>", "A person in a hospital gown waving",
        "<she_c> shows the scar from the <procedure>",
    ), faces="patient"),
    Shape("background of a picture", "PHI-15", (
        "Team photo!<garnish>", "Happy Nurses Week<garnish>", "New scrubs, who dis<garnish>", "The crew of <unit><garnish>",
    ), POSTED, STORY, alts=(
        "Crew posing by the patient board", "Two doctors at a computer screen with an open chart",
        "A hand with a patient wristband", "The sign-in sheet on the front desk", "Pharmacist holding a labelled prescription bottle",
    ), faces="staff"),
    Shape("one of a kind", "PHI-09", (
        "<she_c> is the only person in the state who ever had this kind of <procedure>, and it was done by <us><garnish>",
        "The sole survivor of the <crash> is awake in <unit>.",
        "The <job> from the <crash> that was on the news went home today<garnish>",
        "We treated the first case of <rare> in the county, a <ageword> <job>.",
    ), POSTED, (*STORY, "PHI-02", "PHI-03")),
    Shape("public figure", "PHI-11", (
        "Yes, <office> {PERSON} is a patient here and in good hands.",
        "We can confirm that <office> {PERSON} had a <procedure> with <us><garnish>",
        "<office> {PERSON} chose <us> for <hers> <procedure>. We are honored!",
        "Our surgeons are operating on <office> {PERSON} right now. Keep <her> in your thoughts.",
    ), POSTED, (*STORY, "PHI-03")),
    Shape("story without consent", "CNS-01", (
        "Success story: <hers> <procedure> gave our patient <hers> life back<garnish>",
        '"They saved me from <condition>," says {PERSON}, a patient of <us>.',
        "Patient spotlight: from <condition> to a marathon in one year<garnish>",
        "From a wheelchair to the dance floor: one woman's journey through <condition> with <us><garnish>",
        "Meet {PERSON}, who beat <condition> with <us><garnish>",
    ), POSTED, (*STORY, "PHI-03"), weight=2),
    Shape("re-shared post of a patient", "CNS-03", (
        'Repost from {HANDLE}: "best <procedure> ever, thank you all"<garnish>',
        "RT {HANDLE} my <procedure> went so well, love this place",
        "Look what our patient {HANDLE} posted about the <procedure><garnish>",
    ), POSTED, STORY),
    Shape("filming on site", "CNS-06", (
        "Going live from <unit> tonight, come and see real patients<garnish>",
        "POV: you are in the OR with us for a live <procedure><garnish>",
        "Follow our camera through <unit> on a busy Friday night, real emergencies and all",
    ), POSTED, (*STORY, "PHI-03")),
    Shape("hostile reply", "RPL-04", (
        "You are lying and you know it.", "Get some help, you are clearly unstable.", "Were you drunk when you wrote this? 🍷",
        "Nobody believes people like you.", "Take this down or our lawyers will come for you.", "You only want free drugs. Go away.",
        "Try learning how to spell before you insult professionals.",
    ), REPLY, ANY_REPLY, BAD_REVIEW),
    Shape("clean: staff", "", (
        "Welcome [staff], <credential>, our new <role><garnish>",
        "Congratulations to <role> [staff], <credential>, on ten years with us<garnish>",
        "Happy birthday to our <role>, [staff]!<garnish>",
        "Our <role> [staff], <credential>, explains what <condition> does to the body.",
        "[staff], <credential>, retires after 31 years at the bedside. Thank you!<garnish>",
    ), POSTED, weight=3),
    Shape("clean: events", "", (
        "<opener>Join our <event> on [date] in the lobby. No sign-up needed<garnish>",
        "The <event> is back! See you on [date] at 9 a.m.<garnish>",
        "We are closed on [date] for the holiday. The ER is always open.",
        "<disease_name> support group meets on [date], room 110.",
    ), POSTED, weight=3),
    Shape("clean: awareness", "", (
        "<month> is <disease_name> awareness month. <advice><garnish>",
        "<advice>. It takes a minute<garnish>",
        "What is <disease_name>? Our doctors explain on the blog.",
        "About 1 in 5 adults lives with a long-term condition. <advice>.",
        "People with <disease_name> often feel alone. You are not.",
    ), POSTED, weight=3),
    Shape("clean: own numbers", "", (
        "Nurse line: 614-555-0110<garnish>", "Questions? (614) 555-0111 or billing@aldercreek.example.com",
        "Find us at 880 Willowbrook Avenue, Columbus, OH 43215<garnish>", "Struggling? 988 takes calls and texts, day or night.",
        "Poison control: 1-800-222-1222. Save the number<garnish>", "Book at https://aldercreek.example.com/visit<garnish>",
    ), POSTED),
    Shape("clean: other numbers", "", (
        "Recall: <product> lots [lot] to [lot]. Check yours and visit the maker's site.",
        "Sports physicals are $[price] through [date].", "Our softball team won [score] last night<garnish>",
        "In [year] our surgeons did [count] hip replacements.", "Founded in [oldyear] with six beds and one nurse<garnish>",
        "Trial NCT0[trial] is open to adults with asthma. Ask the study nurse about risks.",
    ), POSTED, weight=2),
    Shape("clean: replies", "", (
        "Thank you for your feedback. Please call patient relations at 614-555-0111.",
        "Such kind words, thank you<garnish>", "Care is never a topic for us online, to protect privacy.",
        "We are sorry to read this. Anyone with a concern may call 614-555-0111.",
        "Your comment means a lot to the team<garnish>", "Parking is free in the Willowbrook garage.",
    ), REPLY, (), (*BAD_REVIEW, *GOOD_REVIEW), weight=3),
    Shape("clean: shift talk", "", (
        "three twelves in a row and my feet are done", "short staffed again, please be kind to your nurses",
        "coffee number five, who else is on nights", "proud of my unit today, that is all", "studying for the NCLEX with my cat",
    ), STAFF),
    Shape("clean: comments", "", (
        "had my <procedure> there <day>, everyone was so kind", "thank you for the <event>, my kids loved it",
        "what time does the <event> start?", "love this team<garnish>", "do you have parking for the <event>?",
    ), COMMENT, weight=2),
)  # fmt: skip

WORDS["echo"] = (
    "hysterectomy",
    "root canal",
    "knee replacement",
    "miscarriage",
    "chemo",
    "colonoscopy",
    "gastric bypass",
)
WORDS["product"] = (
    "FlowMaster inhaler",
    "Sunny Meadow infant formula",
    "DreamAir mask",
    "ClearSight eye drops",
    "TinyTot teether",
)
WORDS["crash"] = ("bus crash", "grain elevator explosion", "ferry accident", "I-40 pile-up", "apartment fire")
WORDS["rare"] = (
    "fatal familial insomnia",
    "stone man syndrome",
    "progeria",
    "maple syrup urine disease",
    "rabies",
)
WORDS["office"] = (
    "Senator",
    "Mayor",
    "Governor",
    "Congresswoman",
    "quarterback",
    "news anchor",
    "Coach",
    "Bishop",
)
