"""Starter forms for a new clinic: believable words to begin with, to be reviewed by the clinic's own counsel."""

from dataclasses import dataclass
from typing import Final

from consents.models import Asked, FormKind, Signer

REVIEW: Final = "Template"  # stands in the name, until the clinic has had it read and renames it


@dataclass(frozen=True)
class Starter:
    """One form. `matches`: the device or room kind of the services that ask for it, and words of their names."""

    kind: str
    name: str
    title_en: str
    body_en: str
    title_es: str
    body_es: str
    asked: str = Asked.SERVICES
    signer: str = Signer.PATIENT
    needs_drawing: bool = True
    months: int | None = 12
    device: str = ""
    words: tuple[str, ...] = ()


NPP: Final = Starter(
    FormKind.NPP,
    f"Notice of Privacy Practices ({REVIEW})",
    "Notice of Privacy Practices",
    """This notice describes how medical information about you may be used and disclosed and how you can get access to this information. Please review it carefully.
This is the notice of {clinic}. The law requires us to keep your health information private, to give you this notice, to follow it, and to tell you if a breach may have put your information at risk.
# How we use and share your health information
- To treat you: the people who care for you here see what they need for it.
- To run the clinic: to plan visits, to check and improve our care, to contact you about your visits.
- To be paid for your care.
- Where the law asks for it, such as public health, health oversight and court orders.
For anything else we ask for your written permission first, and you may take it back at any time: marketing, showing photographs, and selling health information, which we do not do.
# Your rights
- Get a copy of your record, and ask us to correct it.
- Ask us to contact you in a certain way, or to limit what we use or share.
- Get a list of those with whom we shared it, and a copy of this notice.
- Choose somebody to act for you.
- Complain to us, or to the U.S. Department of Health and Human Services, Office for Civil Rights, 200 Independence Avenue SW, Washington, D.C. 20201. We will not hold it against you.
# Changes
We can change this notice, and the changes apply to all the information we have about you. The current one is always on our website.""",
    "Aviso de prácticas de privacidad",
    """Este aviso describe cómo se puede usar y divulgar su información médica y cómo puede usted obtener acceso a ella. Léalo con atención.
Este es el aviso de {clinic}. La ley nos obliga a mantener en privado su información de salud, a darle este aviso, a cumplirlo y a avisarle si una filtración pudo poner en riesgo su información.
# Cómo usamos y compartimos su información de salud
- Para atenderle: quienes le atienden aquí ven lo que necesitan para ello.
- Para llevar la clínica: planear visitas, revisar y mejorar la atención, comunicarnos con usted sobre sus visitas.
- Para cobrar por la atención.
- Cuando la ley lo exige, como salud pública, supervisión sanitaria y órdenes judiciales.
Para todo lo demás pedimos antes su permiso por escrito, y puede retirarlo cuando quiera: publicidad, mostrar fotografías y vender información de salud, cosa que no hacemos.
# Sus derechos
- Obtener una copia de su expediente y pedir que lo corrijamos.
- Pedir que le contactemos de cierta manera, o que limitemos lo que usamos o compartimos.
- Obtener una lista de con quién la compartimos y una copia de este aviso.
- Elegir a alguien que actúe por usted.
- Quejarse ante nosotros o ante el Departamento de Salud y Servicios Humanos de EE. UU., Oficina de Derechos Civiles, 200 Independence Avenue SW, Washington, D.C. 20201. No tomaremos represalias.
# Cambios
Podemos cambiar este aviso, y los cambios valen para toda la información que tenemos sobre usted. El vigente está siempre en nuestro sitio.""",
    asked=Asked.EVERYONE,
    needs_drawing=False,
    months=None,
)
INJECTABLES: Final = Starter(
    FormKind.TREATMENT,
    f"Injectables consent ({REVIEW})",
    "Consent to treatment with injectables",
    """I, {patient}, ask {clinic} to treat me with a wrinkle relaxer or a dermal filler.
# What to expect
- The result shows within days and fades over months; a touch-up may be needed.
- Redness, swelling and bruises are common and pass.
- Less often: asymmetry, drooping of a lid or brow, infection, nodules, allergy.
- Rarely a filler blocks a vessel, which can damage skin or sight and is treated at once.
# Before I am treated
I have told the clinic about pregnancy, nursing, diseases of nerves or muscles, allergies, and all medicines I take.
[ ] I have read this, my questions were answered, and I know that I can refuse.
[ ] I will call the clinic at once about pain, white or dark skin, or trouble seeing.""",
    "Consentimiento para tratamiento con inyectables",
    """Yo, {patient}, pido a {clinic} que me trate con un relajante de arrugas o un relleno dérmico.
# Qué esperar
- El resultado se ve en días y se va en meses; puede hacer falta un retoque.
- Enrojecimiento, hinchazón y moretones son frecuentes y pasan.
- Con menos frecuencia: asimetría, caída de un párpado o una ceja, infección, nódulos, alergia.
- Rara vez un relleno bloquea un vaso, lo que puede dañar la piel o la vista y se trata de inmediato.
# Antes del tratamiento
He informado a la clínica sobre embarazo, lactancia, enfermedades de nervios o músculos, alergias y todas las medicinas que tomo.
[ ] He leído esto, respondieron mis preguntas y sé que puedo negarme.
[ ] Llamaré de inmediato a la clínica si hay dolor, piel blanca u oscura, o problemas para ver.""",
    words=("botox", "filler", "relaxer", "wrinkle", "inject", "lip", "dysport", "xeomin"),
)
LASER: Final = Starter(
    FormKind.TREATMENT,
    f"Laser consent ({REVIEW})",
    "Consent to laser treatment",
    """I, {patient}, ask {clinic} to treat my skin with a laser.
# What to expect
- Several sessions are needed, and nobody can promise a complete result.
- Redness, swelling, crusts and blisters can follow and heal within days or weeks.
- Skin can become darker or lighter, sometimes for long; scars are rare.
- In tattoo removal some ink may stay, or change its colour.
# What I do
- I keep the skin out of the sun before and after, and use sun protection.
- I wear the eye protection that I am given.
[ ] I have told the clinic about medicines that make skin sensitive to light, a tan, and earlier scars.
[ ] I have read this, my questions were answered, and I know that I can refuse.""",
    "Consentimiento para tratamiento con láser",
    """Yo, {patient}, pido a {clinic} que trate mi piel con láser.
# Qué esperar
- Se necesitan varias sesiones y nadie puede prometer un resultado completo.
- Puede haber enrojecimiento, hinchazón, costras y ampollas, que sanan en días o semanas.
- La piel puede quedar más oscura o más clara, a veces por mucho tiempo; las cicatrices son raras.
- Al quitar tatuajes puede quedar tinta, o cambiar de color.
# Lo que hago yo
- Protejo la piel del sol antes y después, y uso protector solar.
- Uso la protección para los ojos que me den.
[ ] He informado a la clínica sobre medicinas que hacen la piel sensible a la luz, bronceado y cicatrices previas.
[ ] He leído esto, respondieron mis preguntas y sé que puedo negarme.""",
    device="laser",
    words=("laser", "tattoo", "removal"),
)
PHOTOS: Final = Starter(
    FormKind.PHOTO_TREATMENT,
    f"Photos for the record ({REVIEW})",
    "Photographs for my record",
    """{clinic} takes photographs before and after treatment, to see how it works. They are part of my medical record, stored encrypted, and seen only by those who care for me.
[ ] I agree that photographs are taken for my record.""",
    "Fotografías para mi expediente",
    """{clinic} toma fotografías antes y después del tratamiento, para ver cómo funciona. Son parte de mi expediente médico, se guardan cifradas y solo las ven quienes me atienden.
[ ] Acepto que se tomen fotografías para mi expediente.""",
    device="laser",
    words=("botox", "filler", "relaxer", "laser", "tattoo", "peel"),
    months=24,
)
MARKETING: Final = Starter(
    FormKind.PHOTO_MARKETING,
    f"Photos for marketing ({REVIEW})",
    "Authorization to show my photographs",
    """I, {patient}, allow {clinic} to show photographs of my treatment, without my name, on its website and its pages in social networks.
This is voluntary: my treatment does not depend on it. I may take it back at any time, and the clinic then removes the photographs from its own pages. What others have copied by then cannot be called back, and may no longer be protected by privacy law.
[ ] I allow my photographs to be shown.
[?] My face may be recognisable.""",
    "Autorización para mostrar mis fotografías",
    """Yo, {patient}, permito a {clinic} mostrar fotografías de mi tratamiento, sin mi nombre, en su sitio web y en sus páginas de redes sociales.
Es voluntario: mi tratamiento no depende de ello. Puedo retirarlo cuando quiera, y la clínica quita entonces las fotografías de sus propias páginas. Lo que otros hayan copiado hasta entonces no se puede recuperar, y quizá ya no lo protejan las leyes de privacidad.
[ ] Permito que se muestren mis fotografías.
[?] Mi cara puede ser reconocible.""",
    asked=Asked.OFFERED,
    signer=Signer.SELF,
)
STARTERS: Final = (NPP, INJECTABLES, LASER, PHOTOS, MARKETING)
