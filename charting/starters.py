"""Questionnaires to begin with, in our own words: for a medical spa, for lasers, for injectables. A clinic changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from charting.models import Nature

Words = Mapping[str, str]


@dataclass(frozen=True)
class Starter:
    title: Words
    natures: tuple[str, ...]
    body: Mapping[str, Any]


def said(en: str, es: str) -> dict[str, str]:
    return {"en": en, "es": es}


def ask(key: str, kind: str, en: str, es: str, *, required: bool = True, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": said(en, es), "required": required, **more}


def after_yes(question: str) -> dict[str, Any]:
    return {"question": question, "is": ["yes"]}


def condition(code: str) -> dict[str, Any]:
    return {"kind": "condition", "code": code, "on": ["yes"]}


def option(key: str, en: str, es: str) -> dict[str, Any]:
    return {"key": key, "label": said(en, es)}


ALLERGIES: Final = {
    "title": said("Allergies", "Alergias"),
    "questions": [
        ask("allergies", "yes_no", "Are you allergic to anything?", "¿Es alérgico a algo?"),
        ask(
            "allergy_which",
            "text",
            "To what, and what happens?",
            "¿A qué, y qué le pasa?",
            show_if=after_yes("allergies"),
            leads_to={"kind": "allergy"},
        ),
        ask(
            "numbing",
            "yes_no",
            "Did a numbing cream or injection ever make you ill?",
            "¿Alguna vez le sentó mal una crema o inyección anestésica?",
            leads_to={"kind": "allergy", "code": "lidocaine", "on": ["yes"]},
        ),
    ],
}
MEDICINES: Final = {
    "title": said("Medicines", "Medicamentos"),
    "questions": [
        ask("medicines", "yes_no", "Do you take any medicine?", "¿Toma algún medicamento?"),
        ask(
            "medicine_which",
            "text",
            "Which, and how much?",
            "¿Cuál, y cuánto?",
            show_if=after_yes("medicines"),
            leads_to={"kind": "medication"},
        ),
        ask(
            "isotretinoin",
            "yes_no",
            "Did you take isotretinoin (for acne) in the last six months?",
            "¿Tomó isotretinoína (para el acné) en los últimos seis meses?",
            leads_to={"kind": "medication", "code": "isotretinoin", "on": ["yes"]},
        ),
    ],
}
HEALTH: Final = {
    "title": said("Your health", "Su salud"),
    "questions": [
        ask(
            "pregnant",
            "choice",
            "Are you pregnant or breastfeeding?",
            "¿Está embarazada o dando el pecho?",
            options=[
                option("no", "No", "No"),
                option("pregnant", "Pregnant, or perhaps", "Embarazada, o quizás"),
                option("breastfeeding", "Breastfeeding", "Dando el pecho"),
            ],
            leads_to={"kind": "condition", "code": "pregnant", "on": ["pregnant"]},
        ),
        ask(
            "cold_sores",
            "yes_no",
            "Do you get cold sores?",
            "¿Le salen herpes labiales?",
            leads_to=condition("cold_sores"),
        ),
        ask(
            "keloid",
            "yes_no",
            "Do your scars grow thick or raised?",
            "¿Sus cicatrices se vuelven gruesas o abultadas?",
            leads_to=condition("keloid"),
        ),
        ask(
            "other",
            "text",
            "Is there anything else we should know?",
            "¿Hay algo más que debamos saber?",
            required=False,
        ),
    ],
}
LASER: Final = {
    "title": said("Skin and sun", "Piel y sol"),
    "questions": [
        ask(
            "skin",
            "choice",
            "What does your skin do in the sun?",
            "¿Qué le pasa a su piel con el sol?",
            options=[
                option("1", "Always burns, never tans", "Siempre se quema, nunca se broncea"),
                option("2", "Burns easily, tans a little", "Se quema fácilmente, se broncea poco"),
                option("3", "Burns sometimes, tans evenly", "A veces se quema, se broncea por igual"),
                option("4", "Burns little, tans easily", "Se quema poco, se broncea fácilmente"),
                option("5", "Rarely burns, tans deeply", "Rara vez se quema, se broncea mucho"),
                option("6", "Never burns", "Nunca se quema"),
            ],
            leads_to={"kind": "skin_type"},
        ),
        ask(
            "tan",
            "yes_no",
            "Were you in strong sun or on a tanning bed in the last four weeks?",
            "¿Tomó mucho sol o usó una cama solar en las últimas cuatro semanas?",
            leads_to=condition("sunburn"),
        ),
        ask(
            "tan_when",
            "date",
            "When was the last time?",
            "¿Cuándo fue la última vez?",
            show_if=after_yes("tan"),
        ),
        ask(
            "light",
            "yes_no",
            "Does light bring on fits or a rash?",
            "¿La luz le provoca convulsiones o erupciones?",
        ),
        ask(
            "light_which",
            "multi",
            "Which of these?",
            "¿Cuál de estos?",
            show_if=after_yes("light"),
            options=[
                option("epilepsy", "Fits", "Convulsiones"),
                option("rash", "A rash", "Erupción"),
                option("lupus", "Lupus", "Lupus"),
            ],
            leads_to={"kind": "condition", "code": "epilepsy", "on": ["epilepsy"]},
        ),
    ],
}
INJECTABLES: Final = {
    "title": said("Muscles and blood", "Músculos y sangre"),
    "questions": [
        ask(
            "nerves",
            "yes_no",
            "Do you have a disease of the nerves or muscles, such as myasthenia?",
            "¿Tiene alguna enfermedad de los nervios o músculos, como la miastenia?",
            leads_to=condition("myasthenia"),
        ),
        ask(
            "bleeding",
            "yes_no",
            "Do you bleed or bruise easily?",
            "¿Sangra o le salen moretones con facilidad?",
            leads_to=condition("bleeding"),
        ),
        ask(
            "before",
            "yes_no",
            "Were you injected with a filler or a relaxer before?",
            "¿Le inyectaron antes un relleno o un relajante?",
        ),
        ask(
            "before_when",
            "text",
            "With what, and when?",
            "¿Con qué, y cuándo?",
            required=False,
            show_if=after_yes("before"),
        ),
    ],
}
STARTERS: Final[dict[str, Starter]] = {
    "medspa": Starter(
        said("Health before your visit", "Salud antes de su cita"),
        (Nature.SKIN,),
        {"sections": [ALLERGIES, MEDICINES, HEALTH]},
    ),
    "laser": Starter(
        said("Health before a laser treatment", "Salud antes de un tratamiento láser"),
        (Nature.LASER,),
        {"sections": [ALLERGIES, MEDICINES, HEALTH, LASER]},
    ),
    "injectables": Starter(
        said("Health before injections", "Salud antes de las inyecciones"),
        (Nature.INJECTABLE,),
        {"sections": [ALLERGIES, MEDICINES, HEALTH, INJECTABLES]},
    ),
}
