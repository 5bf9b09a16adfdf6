"""The kinds of personal data that are hidden, as they appear in tokens such as `[PERSON 1]`."""

import re
from typing import Final

PERSON: Final = "PERSON"
ADDRESS: Final = "ADDRESS"
POSTCODE: Final = "POSTCODE"
TOWN: Final = "TOWN"  # any place smaller than a county
PHONE: Final = "PHONE"
EMAIL: Final = "EMAIL"
NINO: Final = "NINO"
NHS: Final = "NHS"
UPN: Final = "UPN"  # a pupil's number
DOB: Final = "DOB"
DATE: Final = "DATE"
ORG: Final = "ORG"  # a school, surgery, employer: what would lead to the family
REF: Final = "REF"
BANK: Final = "BANK"
VEHICLE: Final = "VEHICLE"
HANDLE: Final = "HANDLE"
PASSPORT: Final = "PASSPORT"
LICENCE: Final = "LICENCE"
UTR: Final = "UTR"  # a taxpayer's number
IP: Final = "IP"
OTHER: Final = "OTHER"  # what a person says is personal, and is none of these

# Where two overlap, the one that comes first names what is hidden.
TYPES: Final = (
    EMAIL,
    HANDLE,
    IP,
    NHS,
    NINO,
    UPN,
    LICENCE,
    PASSPORT,
    UTR,
    PHONE,
    BANK,
    DOB,
    ADDRESS,
    POSTCODE,
    VEHICLE,
    REF,
    DATE,
    ORG,
    PERSON,
    TOWN,
    OTHER,
)

TOKEN = re.compile(rf"\[({'|'.join(TYPES)}) ([0-9]+)\]")
