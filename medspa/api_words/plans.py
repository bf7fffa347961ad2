"""Treatment plans."""

from typing import Final

from medspa.api_words.shared import SERVICE, Words

INVALID: Final = {422: ("invalid",)}

PLANS: Final[dict[str, Words]] = {
    "patient_plans": Words(
        "Plans",
        "List a patient's plans",
        "The newest first. Without `chart.view` a plan tells its title, treatments and estimate alone.",
        "plans.view",
        patient="What the clinic released to them.",
    ),
    "plans_create": Words(
        "Plans",
        "Write a plan",
        "A draft, which nobody but the staff sees until it is offered.",
        "chart.write",
        INVALID,
        {
            "title": "Calmer forehead",
            "goal": "Fewer lines at rest.",
            "stages": [{"service": SERVICE, "sessions": 3, "least_days": 84, "best_days": 98}],
        },
    ),
    "plans_get": Words(
        "Plans",
        "Open a plan",
        "The version that stands, and how much of it was done. Each opening is an event of its own.",
        "plans.view",
        patient="What the clinic released to them.",
    ),
    "plans_offer": Words(
        "Plans",
        "Offer a plan",
        "The draft becomes the next version and the patient is asked. A version never changes.",
        "chart.write",
        {409: ("nothing-to-offer", "changed-meanwhile", "plan-over"), 422: ("invalid",)},
        {"revision": 1},
    ),
    "plans_accept": Words(
        "Plans",
        "Accept a plan",
        "Once a version: of two at once the second is 409 `not-offered`, as it is for a text other than the one shown. "
        "With a token of the staff it notes what the patient said.",
        "plans.decide",
        {409: ("not-offered", "estimate-over"), 422: ("invalid",)},
        {"name": "Wanda Webb"},
        patient="Their own, or of whom they look after.",
    ),
}
