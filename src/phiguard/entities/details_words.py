"""Words of addresses, peoples and dates, for `phiguard.entities.details`."""

from __future__ import annotations

__all__ = ["COUNTRIES", "NATIONS", "NUMBERS", "STREETS", "STREET_ENDS", "STREET_ENDS_TOO", "STREET_FIRST"]

STREETS = (
    "street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|courts|ct|place|pl|plaza|terrace|ter|trail|circle|cir|"
    "parkway|pkwy|highway|hwy|square|sq|crescent|cres|close|mews|row|walk|way|alley|loop|pike|turnpike|crossing|pass|path|run|bend|"
    "point|ridge|heights|hollow|grove|groves|green|greens|gardens|meadow|meadows|park|parks|knoll|knolls|creek|springs|spring|"
    "cove|coves|forge|forges|mill|mills|isle|island|islands|ports|port|harbor|shores|shore|valley|views|view|village|villages|"
    "burgs|haven|glen|glens|field|fields|estates|estate|extension|expressway|freeway|motorway|route|roads|rapids|ranch|rest|"
    "skyway|station|stravenue|stream|summit|throughway|trace|track|tunnel|underpass|union|unions|vista|ville|wall|wells|"
    "junction|key|keys|lake|lakes|land|landing|light|lights|locks|lodge|mall|manor|manors|mission|mount|mountain|neck|orchard|"
    "oval|overpass|parkways|passage|pine|pines|plain|plains|prairie|radial|ramp|river|shoal|shoals|spur|spurs|squares|str"
)
"""What an English street ends in (and what Faker's streets do), as one pattern."""

STREET_ENDS = (
    "straat|stra(?:ss|ß)e|gasse|weg|allee|platz|damm|ufer|gatan|gata|gaten|v[äa]gen|veien|vegen|vej|all[ée]n|katu|"
    "polku|kuja|utca|utja|laan|plein|kade|dijk|gracht|singel|stræde|stræti|braut|brücke|vegur|poort|bygget|steeg"
)
"""What a street ends in elsewhere, without a space before it."""

STREET_ENDS_TOO = "str|ring|gate|gade|tie|borg|markt"
"""The same, where English words end so too: only of words with a capital."""

STREET_FIRST = (
    r"rue|rua|via|viale|piazza|corso|calle|c/|cl\.|avenida|av\.?|avda\.?|avenue|all[ée]e|boulevard|bd\.?|chemin|quai|place|impasse|plaza|"
    r"paseo|camino|carrer|ronda|travessa|travesía|largo|praça|estrada|strada|str\.|bulevardul|aleea|ul\.|ulica|al\.|aleja|os\.|plac|"
    r"pl\.|ulitsa|bul\.|jalan|jl\.|calea|vicolo|barrio|ctra\.?|carretera|cité|zone|lotissement"
)
"""What a street begins with elsewhere."""

COUNTRIES = (
    "usa|u\\.s\\.a\\.|uk|united (?:states|kingdom|arab emirates)|canada|australia|new zealand|ireland|england|scotland|wales|france|"
    "germany|deutschland|austria|switzerland|italy|spain|portugal|belgium|netherlands|luxembourg|denmark|sweden|norway|finland|"
    "iceland|greenland(?:er)?|estonia|latvia|lithuania|poland|czechia|czech republic|slovakia|slovenia|croatia|serbia|hungary|"
    "romania|bulgaria|greece|cyprus(?: \\(greek\\))?|turkey|russia|ukraine|brazil|argentina|chile|mexico|uruguay|peru|colombia|"
    "south africa|tunisia|morocco|algeria|egypt|kenya|nigeria|india|pakistan|china|japan|korea|vietnam|thailand|philippines|"
    "singapore|malaysia|indonesia|israel|iran|iraq|saudi arabia"
)

_NATIONS = """
afghan albanian algerian american andorran angolan argentine argentinian argentinean armenian australian austrian azerbaijani bahamian
bahraini bangladeshi barbadian belarusian belgian belizean beninese bhutanese bolivian bosnian botswanan brazilian bruneian bulgarian
burkinese burmese burundian cambodian cameroonian canadian chadian chilean colombian congolese croat croatian cuban cypriot czech danish
dominican dutch ecuadorean ecuadorian egyptian emirati english eritrean estonian ethiopian fijian finnish filipino french gabonese gambian
georgian german ghanaian greek grenadian guatemalan guinean guyanese haitian honduran hungarian icelandic icelander indian indonesian
iranian iraqi irish israeli italian ivorian jamaican japanese jordanian kazakh kenyan korean kosovar kuwaiti kyrgyz laotian latvian
lebanese liberian libyan lithuanian luxembourgish macedonian malagasy malawian malaysian maldivian malian maltese mauritanian mauritian
mexican moldovan mongolian montenegrin moroccan mozambican namibian nepalese nepali nicaraguan nigerian nigerien norwegian omani pakistani
palestinian panamanian paraguayan peruvian polish portuguese qatari romanian russian rwandan salvadoran samoan saudi scottish senegalese
serb serbian singaporean slovak slovakian slovene slovenian somali spanish spaniard sudanese surinamese swazi swedish swede swiss syrian
taiwanese tajik tanzanian thai togolese tongan tunisian turk turkish turkmen ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh
yemeni yemenite zambian zimbabwean dane pole finn scot briton englishman englishwoman frenchman irishman dutchman welshman
african asian european hispanic latino latina latinx caucasian arab kurd kurdish roma romani inuit navajo cherokee
catholic protestant methodist baptist lutheran anglican mormon quaker jewish jew muslim moslem sunni shia shii shiite hindu sikh buddhist
christian orthodox atheist
"""
NATIONS = "|".join(sorted(_NATIONS.split(), key=len, reverse=True))
"""Nationalities, peoples and religions in the singular, as one pattern."""

NUMBERS = "a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a (?:couple|few)(?: of)?|several|many|some"
