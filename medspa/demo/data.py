"""Who and what the demo clinics are made of. All of it is invented; the numbers are of the reserved 555-01 range."""

from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from medspa.demo.names import GLOW_NAMES, RIVAL_NAMES

TREATMENT, LASER = "treatment", "laser"


@dataclass(frozen=True)
class Staff:
    role: str
    name: str
    credentials: str = ""  # who has them treats
    languages: str = ""
    bio: str = ""


@dataclass(frozen=True)
class Demo:
    """One clinic as it is at the start."""

    slug: str
    second_factor_optional: bool
    profile: dict[str, Any]
    location: dict[str, Any]
    sender: str
    hours: tuple[time, time]
    staff: tuple[Staff, ...]
    others: tuple[Staff, ...]  # treat without an account
    rooms: tuple[tuple[str, str], ...]
    devices: tuple[tuple[str, str], ...]
    services: dict[str, list[dict[str, Any]]]
    names: tuple[tuple[str, str], ...]
    area: str


def service(name: str, minutes: int, price: int, about: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "duration_minutes": minutes,
        "price_amount": price * 100,
        "description": about,
        **more,
    }


IN_ROOM: Final = {"room_kind": TREATMENT, "buffer_after": 10}
BY_LASER: Final = {"room_kind": LASER, "device_kind": LASER, "buffer_before": 5, "buffer_after": 10}

GLOW: Final = Demo(
    slug="glow",
    second_factor_optional=True,
    profile={
        "kind": "medspa",
        "name": "Glow Aesthetics",
        "legal_name": "Glow Aesthetics PLLC",
        "phone": "+15125550142",
        "email": "hello@glow.example",
        "website": "https://glow.example",
        "accent": "#8d2d57",
        "logo_mark": "sunrise",
    },
    location={
        "name": "South Congress",
        "address_1": "1412 South Congress Avenue",
        "address_2": "Suite 200",
        "city": "Austin",
        "state": "TX",
        "postal_code": "78704",
        "timezone": "America/Chicago",
        "phone": "+15125550142",
        "tax_rate_bp": 825,
    },
    sender="+15125550100",
    hours=(time(9), time(19)),
    staff=(
        Staff("owner", "Olive Ortega"),
        Staff("admin", "Adam Abbott"),
        Staff("provider", "Ines Ibarra", "NP", "English, Spanish", "Injects since 2014; subtle is her word."),
        Staff("supervisor", "Sven Sandberg", "MD", "English, Swedish", "Medical director, lasers and peels."),
        Staff("front_desk", "Fran Fischer"),
        Staff("marketer", "Mara Mendes"),
        Staff("analyst", "Anka Andersen"),
    ),
    others=(
        Staff("", "Nora Novak", "RN", "English, Czech", "Facials, microneedling and calm hands."),
        Staff("", "Otto Okonkwo", "LE", "English", "Licensed laser technician."),
    ),
    rooms=(("Room 1", TREATMENT), ("Room 2", TREATMENT), ("Room 3", TREATMENT), ("Laser room", LASER)),
    devices=(("GentleMax Pro", LASER),),
    services={
        "Consultations": [
            service("Consultation", 30, 0, "We look, listen and plan with you."),
            service("Check after treatment", 15, 0, "Two weeks later, to see how it settled.", online=False),
        ],
        "Injectables": [
            service(
                "Wrinkle relaxer", 30, 360, "Forehead, frown lines, eyes. Lasts about 3 months.", **IN_ROOM
            ),
            service(
                "Lip filler",
                45,
                650,
                "Shape and hydration, by small steps.",
                deposit_amount=10_000,
                **IN_ROOM,
            ),
            service("Cheek filler", 60, 850, "Volume where it was.", deposit_amount=10_000, **IN_ROOM),
        ],
        "Skin": [
            service("Hydrating facial", 60, 195, "Cleans, peels lightly, hydrates.", **IN_ROOM),
            service(
                "Peel and mask",
                75,
                225,
                "A peel that works for twenty minutes while you rest.",
                processing_start=30,
                processing_minutes=20,
                **IN_ROOM,
            ),
            service("Microneedling", 60, 325, "For texture and scars.", deposit_amount=5_000, **IN_ROOM),
        ],
        "Laser": [
            service("Laser hair removal, small", 30, 120, "Lip, underarms.", **BY_LASER),
            service("Laser hair removal, legs", 60, 380, "Both legs.", deposit_amount=5_000, **BY_LASER),
        ],
    },
    names=GLOW_NAMES,
    area="512",
)

RIVAL: Final = Demo(
    slug="rival",
    second_factor_optional=False,
    profile={
        "kind": "tattoo_removal",
        "name": "Rival Skin",
        "legal_name": "Rival Skin Clinic LLC",
        "phone": "+15035550177",
        "email": "hello@rival.example",
        "website": "https://rival.example",
        "accent": "#1fd1b2",
        "logo_mark": "peak",
        "min_notice_minutes": 60,
        "reminder_offsets_hours": [
            {"hours": 24, "channels": ["email", "sms"]},
            {"hours": 2, "channels": ["sms"]},
        ],
    },
    location={
        "name": "Pearl District",
        "address_1": "830 NW 11th Avenue",
        "city": "Portland",
        "state": "OR",
        "postal_code": "97209",
        "timezone": "America/Los_Angeles",
        "phone": "+15035550177",
    },
    sender="+15035550100",
    hours=(time(10), time(19)),
    staff=(
        Staff("owner", "Rex Rivers"),
        Staff("admin", "Rita Rowe"),
        Staff("provider", "Rosa Reyes", "PA", "English, Spanish", "Colour and old ink are her field."),
        Staff("supervisor", "Ravi Rao", "MD", "English, Hindi", "Dermatologist and medical director."),
        Staff("front_desk", "Ruth Reed"),
        Staff("marketer", "Remy Roux"),
        Staff("analyst", "Rune Rask"),
    ),
    others=(Staff("", "Ryo Rinaldi", "RN", "English, Italian", "Twelve years with lasers."),),
    rooms=(("Laser 1", LASER), ("Laser 2", LASER), ("Consulting room", TREATMENT)),
    devices=(("PicoWay", LASER), ("Q-switched Nd:YAG", LASER)),
    services={
        "Consultations": [
            service(
                "Consultation", 30, 0, "How many sessions, which colours, what it costs.", room_kind=TREATMENT
            ),
        ],
        "Tattoo removal": [
            service("Removal, small", 30, 150, "Up to the size of a stamp.", **BY_LASER),
            service("Removal, medium", 45, 275, "Up to the size of a hand.", **BY_LASER),
            service("Removal, large", 60, 450, "Half a sleeve.", deposit_amount=10_000, **BY_LASER),
        ],
        "Skin": [
            service("Pigment and sun spots", 45, 240, "Face or hands.", **BY_LASER),
            service(
                "Scar softening", 45, 260, "After healing is complete.", room_kind=TREATMENT, buffer_after=10
            ),
        ],
        "After care": [
            service(
                "Check after treatment", 15, 0, "To see how it heals.", room_kind=TREATMENT, online=False
            ),
        ],
    },
    names=RIVAL_NAMES,
    area="503",
)

CLINICS: Final = (GLOW, RIVAL)

VISIT_NOTES: Final = (
    "First visit, a little nervous.",
    "Prefers the room by the window.",
    "Would like to talk about a package.",
    "Comes straight from work, may be five minutes late.",
    "Asked for less than last time.",
    "Allergic to latex.",
)
CANCEL_REASONS: Final = ("Is travelling", "Has a cold", "Work came up", "Wants to think about it")
