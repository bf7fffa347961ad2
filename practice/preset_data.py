"""What a new clinic of each kind starts with; everything of it can be changed afterwards."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from practice.models import ClinicKind

TREATMENT: Final = "treatment"
LASER: Final = "laser"


@dataclass(frozen=True)
class Preset:
    """Rooms and devices as (name, kind); services by category, in order."""

    accent: str
    rooms: tuple[tuple[str, str], ...]
    devices: tuple[tuple[str, str], ...]
    services: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def service(name: str, minutes: int, price: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "duration_minutes": minutes, "price_amount": price, **more}


CONSULTATION: Final = service("Consultation", 30, 0, description="We look, listen and plan with you.")
FOLLOW_UP: Final = service(
    "Check after treatment", 15, 0, online=False, description="We look at how the skin is healing."
)
# (weekday, opens, closes), Monday being 0
WEEK: Final = [*((weekday, time(9), time(18)) for weekday in range(5)), (5, time(10), time(15))]
LASER_VISIT: Final = {"room_kind": LASER, "device_kind": LASER, "buffer_before": 5, "buffer_after": 10}
NEEDLE_VISIT: Final = {"room_kind": TREATMENT, "buffer_after": 10}
SKIN_VISIT: Final = {"room_kind": TREATMENT, "buffer_after": 15}

PRESETS: Final[dict[str, Preset]] = {
    ClinicKind.MEDSPA: Preset(
        accent="#7a3b5d",
        rooms=(("Room 1", TREATMENT), ("Room 2", TREATMENT), ("Laser room", LASER)),
        devices=(("Hair removal laser", LASER),),
        services={
            "Consultations": [CONSULTATION, FOLLOW_UP],
            "Injectables": [
                service(
                    "Wrinkle relaxer",
                    30,
                    36_000,
                    description="Softens lines of the forehead and around the eyes.",
                    **NEEDLE_VISIT,
                ),
                service(
                    "Dermal filler",
                    60,
                    75_000,
                    deposit_amount=10_000,
                    description="Restores volume; numbing included.",
                    room_kind=TREATMENT,
                    buffer_after=15,
                ),
            ],
            "Skin": [
                service(
                    "Hydrating facial", 60, 19_500, description="Cleanse, exfoliate, hydrate.", **SKIN_VISIT
                ),
                service(
                    "Microneedling",
                    75,
                    32_500,
                    deposit_amount=5_000,
                    processing_start=10,
                    processing_minutes=20,
                    description="Numbing first, then the treatment and a calming mask.",
                    **SKIN_VISIT,
                ),
                service("Chemical peel", 45, 17_500, description="Evens tone and texture.", **SKIN_VISIT),
            ],
            "Laser": [
                service(
                    "Laser hair removal, small area",
                    30,
                    12_000,
                    description="Lip, chin or underarms.",
                    **LASER_VISIT,
                ),
                service(
                    "Laser hair removal", 45, 18_000, description="Half legs, arms or back.", **LASER_VISIT
                ),
            ],
        },
    ),
    ClinicKind.TATTOO_REMOVAL: Preset(
        accent="#2f5d73",
        rooms=(("Laser room 1", LASER), ("Laser room 2", LASER), ("Consultation room", TREATMENT)),
        devices=(("Picosecond laser", LASER), ("Q-switched laser", LASER)),
        services={
            "Consultations": [
                {
                    **CONSULTATION,
                    "room_kind": TREATMENT,
                    "description": "We look at the tattoo and tell you how many sessions it will take.",
                },
                service(
                    "Patch test",
                    15,
                    0,
                    description="A few pulses, to see how your skin answers.",
                    **LASER_VISIT,
                ),
            ],
            "Tattoo removal": [
                service(
                    "Removal, small",
                    20,
                    15_000,
                    description="Up to the size of a business card.",
                    **LASER_VISIT,
                ),
                service(
                    "Removal, medium", 30, 27_500, description="Up to the size of a hand.", **LASER_VISIT
                ),
                service(
                    "Removal, large",
                    60,
                    45_000,
                    deposit_amount=10_000,
                    description="Larger than a hand.",
                    **LASER_VISIT,
                ),
            ],
            "After care": [{**FOLLOW_UP, "room_kind": TREATMENT}],
        },
    ),
    ClinicKind.AESTHETIC: Preset(
        accent="#44513f",
        rooms=(("Consulting room", TREATMENT), ("Procedure room", TREATMENT)),
        devices=(),
        services={
            "Consultations": [
                CONSULTATION,
                service(
                    "Second opinion",
                    45,
                    20_000,
                    room_kind=TREATMENT,
                    description="Bring what you were told; we take our time.",
                ),
                FOLLOW_UP,
            ],
            "Treatments": [
                service(
                    "Wrinkle relaxer", 30, 39_000, description="Softens lines of expression.", **NEEDLE_VISIT
                ),
                service(
                    "Dermal filler",
                    60,
                    82_000,
                    deposit_amount=10_000,
                    description="Restores volume; numbing included.",
                    **SKIN_VISIT,
                ),
                service("Chemical peel", 45, 24_000, description="Evens tone and texture.", **SKIN_VISIT),
            ],
        },
    ),
}

SMS_TEXT: Final = (
    "{clinic} may text me about my visits at the number above: confirmations, reminders and changes. "
    "Message frequency varies based on appointment schedule. Message and data rates may apply. "
    "Reply STOP to any message to end texts, HELP for help. Agreeing is no condition of any purchase."
)
CANCELLATION_TEXT: Final = (
    "You can move or cancel your visit without charge until {hours} hours before it begins, by the link in your "
    "confirmation or by calling us. If you come later than 15 minutes we may have to find you another time."
)
