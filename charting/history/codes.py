"""A short list of our own, for what an aesthetic clinic asks: with the code that the rest of medicine knows it by.

Everything else is written as text. `against` says which sort of treatment it speaks against while it lasts, and
`wait_months` for how long afterwards.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charting.models import HistoryKind, Nature

SNOMED: Final = "http://snomed.info/sct"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ALLERGY, MEDICATION, CONDITION = HistoryKind.ALLERGY, HistoryKind.MEDICATION, HistoryKind.CONDITION


@dataclass(frozen=True)
class Coding:
    key: str
    label: str | Promise
    kind: HistoryKind
    system: str
    code: str
    against: str = ""
    wait_months: int = 0

    @property
    def system_name(self) -> str:
        return "RxNorm" if self.system == RXNORM else "SNOMED"


CODES: Final[tuple[Coding, ...]] = (
    Coding("lidocaine", _("Lidocaine"), ALLERGY, RXNORM, "6387"),
    Coding("benzocaine", _("Benzocaine"), ALLERGY, RXNORM, "1399"),
    Coding("penicillin", _("Penicillin"), ALLERGY, RXNORM, "7980"),
    Coding("amoxicillin", _("Amoxicillin"), ALLERGY, RXNORM, "723"),
    Coding("aspirin", _("Aspirin"), ALLERGY, RXNORM, "1191"),
    Coding("ibuprofen", _("Ibuprofen"), ALLERGY, RXNORM, "5640"),
    Coding("latex", _("Latex"), ALLERGY, SNOMED, "111088007"),
    Coding("egg", _("Egg"), ALLERGY, SNOMED, "102263004"),
    Coding("isotretinoin", _("Isotretinoin"), MEDICATION, RXNORM, "6064", Nature.LASER, 6),
    Coding("tretinoin", _("Tretinoin, on the skin"), MEDICATION, RXNORM, "10753", Nature.SKIN),
    Coding("doxycycline", _("Doxycycline"), MEDICATION, RXNORM, "3640", Nature.LASER),
    Coding("warfarin", _("Warfarin"), MEDICATION, RXNORM, "11289", Nature.INJECTABLE),
    Coding("clopidogrel", _("Clopidogrel"), MEDICATION, RXNORM, "32968"),
    Coding("aspirin_taken", _("Aspirin"), MEDICATION, RXNORM, "1191"),
    Coding("valacyclovir", _("Valacyclovir"), MEDICATION, RXNORM, "73645"),
    Coding("prednisone", _("Prednisone"), MEDICATION, RXNORM, "8640"),
    Coding("levothyroxine", _("Levothyroxine"), MEDICATION, RXNORM, "10582"),
    Coding("pregnant", _("Pregnant"), CONDITION, SNOMED, "77386006", Nature.ANY),
    Coding("breastfeeding", _("Breastfeeding"), CONDITION, SNOMED, "413712001", Nature.INJECTABLE),
    Coding("keloid", _("Keloid scars"), CONDITION, SNOMED, "33659008", Nature.SKIN),
    Coding("cold_sores", _("Cold sores (herpes simplex)"), CONDITION, SNOMED, "88594005"),
    Coding("myasthenia", _("Myasthenia gravis"), CONDITION, SNOMED, "91637004", Nature.INJECTABLE),
    Coding("epilepsy", _("Epilepsy"), CONDITION, SNOMED, "84757009", Nature.LASER),
    Coding("lupus", _("Systemic lupus"), CONDITION, SNOMED, "55464009", Nature.LASER),
    Coding("vitiligo", _("Vitiligo"), CONDITION, SNOMED, "56727007", Nature.LASER),
    Coding("melanoma", _("Melanoma"), CONDITION, SNOMED, "372244006", Nature.LASER),
    Coding("skin_infection", _("Infection of the skin"), CONDITION, SNOMED, "108365000", Nature.ANY),
    Coding("sunburn", _("Sunburn or fresh tan"), CONDITION, SNOMED, "23346002", Nature.LASER, 1),
    Coding("diabetes", _("Diabetes"), CONDITION, SNOMED, "73211009"),
    Coding("bleeding", _("Bleeding disorder"), CONDITION, SNOMED, "64779008", Nature.INJECTABLE),
)
NO_KNOWN_ALLERGY: Final = (SNOMED, "716186003")
BY_KEY: Final = {one.key: one for one in CODES}


def of_kind(kind: str) -> list[Coding]:
    return [one for one in CODES if one.kind == kind]
