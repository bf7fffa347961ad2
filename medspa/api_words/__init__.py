"""What the API's description says of each operation: one entry for every operation, and a test that none is missing."""

from typing import Final

from medspa.api_words.booking import BOOKING
from medspa.api_words.clinic import CLINIC
from medspa.api_words.notes import NOTES
from medspa.api_words.papers import PAPERS
from medspa.api_words.patients import PATIENTS
from medspa.api_words.plans import PLANS
from medspa.api_words.record import RECORD
from medspa.api_words.shared import Words
from medspa.api_words.stock import STOCK

WORDS: Final[dict[str, Words]] = {
    **BOOKING,
    **PATIENTS,
    **RECORD,
    **NOTES,
    **PLANS,
    **PAPERS,
    **STOCK,
    **CLINIC,
}
