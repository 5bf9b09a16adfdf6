"""What each recogniser hides, with exact places, and what it must leave alone. All of it is invented."""

import pytest

from redaction import Redactor
from tests.redaction.marks import found, wanted

HIDDEN = {
    "phone": [
        "tel [[07700 900123|PHONE]]",
        "tel [[07700 900123|PHONE]]. 3 months behind with the rent",
        "ring [[07700 9001234|PHONE]], one digit too many",
        "tel [[07700900123|PHONE]] pls",
        "on [[+44 7700 900123|PHONE]].",
        "on [[0044 7700 900123|PHONE]]",
        "[[(01632) 960123|PHONE]] is his",
        "[[01632 960 123|PHONE]]",
        "office [[020 7946 0012|PHONE]]",
        "a digit short [[07700 90012|PHONE]]",
        "landline is [[960123|PHONE]]",
        "RING ON [[07700-900-123|PHONE]]",
        "it is [[oh seven seven double oh nine oh oh one two three|PHONE]]",
    ],
    "email": [
        "mail [[k.marsh_2@example.co.uk|EMAIL]]. My nan",
        "[[kelly at example dot com|EMAIL]] she says",
        "[[kelly(at)example.org|EMAIL]]",
        "[[KELLY@EXAMPLE.COM|EMAIL]]",
    ],
    "nino": [
        "NINO [[QQ 12 34 56 C|NINO]]",
        "nino [[qq123456c|NINO]] given",
        "ni no [[QQ 12-34-56 C|NINO]]",
        "NI [[QQ123456|NINO]]",
    ],
    "nhs": ["NHS [[999 311 0284|NHS]]", "nhs no [[9993110284|NHS]]", "on [[999-311-0284|NHS]] she is"],
    "upn": ["UPN [[A123456789012|UPN]]"],
    "postcode": [
        "at [[ZZ99 9ZZ|POSTCODE]]",
        "[[ba2 9zx|POSTCODE]] now",
        "[[BA29ZX|POSTCODE]]",
        "lives in [[BA2|POSTCODE]]",
    ],
    "bank": [
        "sort code [[12-34-56|BANK]] acc [[12345678|BANK]]",
        "paid to card [[4111 1111 1111 1111|BANK]]",
        "bank [[12 34 56|BANK]]",
        "[[GB29 NWBK 6016 1331 9268 19|BANK]]",
    ],
    "licence": ["licence [[MARSH857036KL9AB|LICENCE]]"],
    "passport": ["passport [[123456789|PASSPORT]]", "BRP [[ZX1234567|PASSPORT]]"],
    "vehicle": [
        "in a [[ZZ21 KLP|VEHICLE]]",
        "[[zz21klp|VEHICLE]] outside",
        "car [[A123 BCD|VEHICLE]]",
        "a van [[wx21 qik|VEHICLE]]",
    ],
    "boat": [
        "narrowboat [[Slow Burn|VEHICLE]], index",
        'on the NB [["Heron Rising"|VEHICLE]]',
        "boat called [[dusk again|VEHICLE]]",
    ],
    "ip": ["from [[192.0.2.17|IP]]"],
    "handle": [
        "insta [[kaydz.m07|HANDLE]]",
        "his [[@tripz_b|HANDLE]]",
        "fb is [[some_body_on_the_cut|HANDLE]]",
        "see [[https://example.com/p/kelly|HANDLE]]",
        "[[facebook.com/kelly.marsh.9|HANDLE]]",
    ],
    "birth date": [
        "DOB [[03/04/1987|DOB]]",
        "dob: [[3.4.87|DOB]]",
        "born [[3rd April 1987|DOB]]",
        "d.o.b. [[3 4 87|DOB]]",
        "born in [[1987|DOB]]",
        "date of birth is [[03041987|DOB]]",
    ],
    "date": [
        "since [[12/03/2024|DATE]]",
        "moved [[3rd jan|DATE]] n",
        "on the letter [[14th of November|DATE]].",
        "court [[2024-03-12|DATE]]",
        "[[May 5th|DATE]] was",
        "since [[9/7|DATE]]",
        "exp [[21/10|DATE]]",
        "in [[November 2025|DATE]]",
        "came WEDNESDAY [[4TH|DATE]]",
        "appt tues [[14|DATE]] at the office",
        "moved in on the [[14th|DATE]]",
        "since [[12.6|DATE]]",
    ],
    "reference": [
        "HB ref [[HB/20771/3|REF]]",
        "claim [[CTR-448210|REF]]",
        "crime ref [[52240012345|REF]]",
        "rent account [[518204|REF]]",
        "[[CT4410097|REF]] is hers",
        "ref [[88-2213|REF]]",
    ],
    "street address": [
        "at [[14 Pennyroyal Walk|ADDRESS]], [[Twerton|TOWN]]",
        "we live [[41 kestrel rise|ADDRESS]]",
        "[[flat 2 pear tree court|ADDRESS]]",
        "[[Flat 3, 88 Brackenbury Rise|ADDRESS]]",
        "[[2A COPPICE STREET|ADDRESS]]",
        "[[PO Box 119|ADDRESS]]",
        "down [[Lower Weir Lane|ADDRESS]]",
    ],
    "mooring": ["[[mooring 12|ADDRESS]] is taken", "moved to [[Greenacre site|ADDRESS]]"],
    "organisation": [
        "at [[Hillcrest Primary|ORG]]",
        "goes to [[st blaises primary|ORG]]",
        "[[MILL ROAD SURGERY|ORG]] SAID",
        "he left [[Fosse Vale College|ORG]]",
    ],
    "place": [
        "moved from [[Swindon|TOWN]]",
        "in [[midsomer norton|TOWN]] now",
        "lives in [[Bath|TOWN]]",
        "from [[Hargeisa|TOWN]]",
    ],
    "titled name": ["[[Mr Hollis|PERSON]] rang", "sw [[mrs pargeter|PERSON]] came", "saw [[T. Vale|PERSON]] today"],
    "listed name": [
        "[[Kelly Marsh|PERSON]], 3 months behind",
        "her lad [[jayden|PERSON]] and [[mia|PERSON]]",
        "[[HODAN WARSAME|PERSON]] CAME IN",
        "son [[Krzysztof|PERSON]] is 4",
        "[[Siobhán O’Neill|PERSON]]'s rent",
        "[[Lily-Mae|PERSON]] and [[Chidi Okafor|PERSON]]",
        "[[hannahs|PERSON]] sofa",
    ],
    "name that is a word": [
        "her partner [[Will|PERSON]] moved out",
        "our [[Grace|PERSON]] is one",
        "spoke to [[Mark|PERSON]] today",
    ],
}

LEFT = {
    "phone": ["ring 999 or 101", "Childline 0800 1111", "0808 2000 247 any time", "owes £1250.50 now", "2019-2020"],
    "email": ["meet at home", "look at it. Come on", "paid @ £3"],
    "nino": ["in 2 of 10 cases", "at 10 30 15 a"],
    "nhs": ["paid £999 311 times"],
    "postcode": ["yr7 1st in class", "wk12 2nd visit", "s17 and s47", "form UC50"],
    "bank": ["owes £12345678", "3 of 4"],
    "vehicle": ["off wk12 for now", "yr10 boy", "in a van"],
    "boat": ["lives on a boat", 'boat "battered but dry"'],
    "handle": ["see www.gov.uk/universal-credit", "on insta all day"],
    "date": [
        "24/7", "may come in", "she is 34", "for 3 months", "7/10 pain", "in May", "on the 2nd floor", "tues 2pm",
        "rang 10.20", "on Tuesday", "half term",
    ],
    "reference": ["3 kids in 2 rooms", "£450 a month", "2023-2024", "12 weeks pregnant"],
    "street address": ["10 mins walk", "3 kids close in age", "2 weeks this way", "the County Court", "a 4 bed house"],
    "mooring": ["the Traveller site", "no fixed mooring"],
    "organisation": ["her new school", "at the primary", "the surgery rang", "high rent", "started nursery"],
    "place": ["had a bath", "reading to him", "in the street", "for sale"],
    "titled name": ["miss school", "mr and mrs", "dr appointment"],
    "relation": ["mum says will you ring", "dads lad", "the baby", "hun", "nan and grandad"],
    "name that is a word": ["he will come in may", "a grace period", "i hope so", "mark the form", "prices rose again"],
    "benefit": ["HB and UC stopped", "cl on PIP", "CTR nil", "LCWRA", "applied for DHP"],
    "community": ["speaks Kurdish", "from Somalia", "Polish mum", "a Traveller family"],
}  # fmt: skip


@pytest.mark.parametrize("marked", [text for texts in HIDDEN.values() for text in texts])
def test_hides_exactly(redactor: Redactor, marked: str) -> None:
    text, marks = wanted(marked)
    assert found(redactor.redact(text)) == marks


@pytest.mark.parametrize("text", [text for texts in LEFT.values() for text in texts])
def test_leaves_alone(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text).text == text
