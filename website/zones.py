"""The time zone of an address in the United States: by state, and by postal code where a state has two."""

from typing import Final

from django.utils.translation import gettext_lazy as _

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
ARIZONA, ALASKA, HAWAII, ATLANTIC = (
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)

CHOICES: Final = (
    (EASTERN, _("Eastern")),
    (CENTRAL, _("Central")),
    (MOUNTAIN, _("Mountain")),
    (ARIZONA, _("Arizona (no daylight saving)")),
    (PACIFIC, _("Pacific")),
    (ALASKA, _("Alaska")),
    (HAWAII, _("Hawaii")),
    (ATLANTIC, _("Puerto Rico")),
)
_BY_ZONE: Final = {
    EASTERN: "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    CENTRAL: "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    MOUNTAIN: "CO ID MT NM UT WY",
    ARIZONA: "AZ",
    PACIFIC: "CA NV OR WA",
    ALASKA: "AK",
    HAWAII: "HI",
    ATLANTIC: "PR VI",
}
BY_STATE: Final = {state: zone for zone, states in _BY_ZONE.items() for state in states.split()}
# The first three digits of the postal codes that keep another time than most of their state.
_EXCEPTIONS: Final = {
    ("FL", CENTRAL): "324 325",
    ("ID", PACIFIC): "835 838",
    ("IN", CENTRAL): "463 464 476 477",
    ("KS", MOUNTAIN): "679",
    ("KY", CENTRAL): "420 421 422 423 424",
    ("ND", MOUNTAIN): "586",
    ("NE", MOUNTAIN): "691 693",
    ("OR", MOUNTAIN): "979",
    ("SD", MOUNTAIN): "577",
    ("TN", EASTERN): "373 374 376 377 378 379",
    ("TX", MOUNTAIN): "798 799 885",
}
BY_CODE: Final = {
    (state, code): zone for (state, zone), codes in _EXCEPTIONS.items() for code in codes.split()
}

STATES: Final = (
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VI", "U.S. Virgin Islands"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
)


def zone_for(state: str, postal_code: str) -> str:
    """The zone's name; Eastern for a state that is none of these."""
    return BY_CODE.get((state, postal_code[:3])) or BY_STATE.get(state, EASTERN)
