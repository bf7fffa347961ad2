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
    "plans_change": Words(
        "Plans",
        "Change a plan",
        "What is not sent stays. What was offered stays as it is until the change is offered too.",
        "chart.write",
        {409: ("changed-meanwhile", "plan-over"), 422: ("invalid",)},
        {"title": "Softer forehead", "revision": 1},
    ),
    "plans_withdraw": Words(
        "Plans",
        "Take an offer back",
        "Before the patient answered. What was agreed before still counts.",
        "chart.write",
        {409: ("wrong-state", "changed-meanwhile")},
        {"revision": 1},
    ),
    "plans_discard": Words(
        "Plans",
        "Throw a change away",
        "Back to what was offered last. A plan that never was offered stays a draft.",
        "chart.write",
        {409: ("wrong-state", "changed-meanwhile")},
        {"revision": 1},
    ),
    "plans_complete": Words(
        "Plans",
        "Complete a plan",
        "All that was planned is done, or as much as was wanted.",
        "chart.write",
        {409: ("wrong-state", "changed-meanwhile")},
        {"revision": 1},
    ),
    "plans_end": Words(
        "Plans",
        "End a plan",
        "It is not followed any more, for a reason that is kept.",
        "chart.write",
        {409: ("wrong-state", "changed-meanwhile"), 422: ("invalid",)},
        {"reason": "Moved to another city.", "revision": 1},
    ),
    "plans_resume": Words(
        "Plans",
        "Take a plan up again",
        "As it was agreed; one that never was is a draft again.",
        "chart.write",
        {409: ("wrong-state", "changed-meanwhile")},
        {"revision": 1},
    ),
    "plans_decline": Words(
        "Plans",
        "Say no to a plan",
        "Once a version. A change that is declined leaves what was agreed before. With a token of the staff it notes what "
        "the patient said.",
        "plans.decide",
        {409: ("not-offered",), 422: ("invalid",)},
        {"name": "Wanda Webb", "reason": "Too dear."},
        patient="Their own, or of whom they look after.",
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
