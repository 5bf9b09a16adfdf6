"""Every recogniser of ours, one class a file."""

from presidio_analyzer import EntityRecognizer

from redaction.recognisers.bank import BankRecogniser
from redaction.recognisers.birth_date import BirthDateRecogniser
from redaction.recognisers.boat import BoatRecogniser
from redaction.recognisers.date import DateRecogniser
from redaction.recognisers.doubtful_name import DoubtfulNameRecogniser
from redaction.recognisers.email import EmailRecogniser
from redaction.recognisers.handle import HandleRecogniser
from redaction.recognisers.ip import IpRecogniser
from redaction.recognisers.licence import LicenceRecogniser
from redaction.recognisers.likely_street import LikelyStreetRecogniser
from redaction.recognisers.listed_name import ListedNameRecogniser
from redaction.recognisers.listed_place import ListedPlaceRecogniser
from redaction.recognisers.mooring import MooringRecogniser
from redaction.recognisers.nhs import NhsRecogniser
from redaction.recognisers.nino import NinoRecogniser
from redaction.recognisers.organisation import OrganisationRecogniser
from redaction.recognisers.passport import PassportRecogniser
from redaction.recognisers.phone import PhoneRecogniser
from redaction.recognisers.postcode import PostcodeRecogniser
from redaction.recognisers.reference import ReferenceRecogniser
from redaction.recognisers.signature import SignatureRecogniser
from redaction.recognisers.spelt_out import SpeltOutRecogniser
from redaction.recognisers.street_address import StreetAddressRecogniser
from redaction.recognisers.tagged_detail import TaggedDetailRecogniser
from redaction.recognisers.tagged_name import TaggedNameRecogniser
from redaction.recognisers.titled_name import TitledNameRecogniser
from redaction.recognisers.upn import UpnRecogniser
from redaction.recognisers.utr import UtrRecogniser
from redaction.recognisers.vehicle import VehicleRecogniser

__all__ = ["all_recognisers"]


def all_recognisers() -> list[EntityRecognizer]:
    """A new one of each."""
    return [
        BankRecogniser(),
        BirthDateRecogniser(),
        BoatRecogniser(),
        DateRecogniser(),
        DoubtfulNameRecogniser(),
        EmailRecogniser(),
        HandleRecogniser(),
        IpRecogniser(),
        LicenceRecogniser(),
        LikelyStreetRecogniser(),
        ListedNameRecogniser(),
        ListedPlaceRecogniser(),
        MooringRecogniser(),
        NhsRecogniser(),
        NinoRecogniser(),
        OrganisationRecogniser(),
        PassportRecogniser(),
        PhoneRecogniser(),
        PostcodeRecogniser(),
        ReferenceRecogniser(),
        SignatureRecogniser(),
        SpeltOutRecogniser(),
        StreetAddressRecogniser(),
        TaggedDetailRecogniser(),
        TaggedNameRecogniser(),
        TitledNameRecogniser(),
        UpnRecogniser(),
        UtrRecogniser(),
        VehicleRecogniser(),
    ]
