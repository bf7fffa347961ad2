"""Texts to begin with, in our own words. A clinic has them read by who is responsible, and changes them as it treats."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from practice.models import Service

EMERGENCY_EN: Final = """# Call 911 now
- Trouble breathing or swallowing, swelling of the lips, tongue or throat, fainting
"""
EMERGENCY_ES: Final = """# Llame ahora al 911
- Dificultad para respirar o tragar, hinchazón de labios, lengua o garganta, desmayo
"""


@dataclass(frozen=True)
class Starter:
    """`words`: by which a clinic's own services are found, or the headings they stand under."""

    name: str
    texts: Mapping[str, Mapping[str, str]]
    words: tuple[str, ...]

    def suits(self, service: Service) -> bool:
        name = f"{service.name} {service.category.name}".casefold()
        return any(word in name for word in self.words)


def both(title_en: str, body_en: str, title_es: str, body_es: str) -> dict[str, dict[str, str]]:
    return {
        "en": {"title": title_en, "body": body_en.strip()},
        "es": {"title": title_es, "body": body_es.strip()},
    }


TOXIN: Final = both(
    "After botulinum toxin",
    """Small bumps where the needle was are gone within an hour; a little redness, a bruise or a light headache may stay for some days. The effect comes slowly: judge it after two weeks, not before.
# Today
- Stay upright for four hours; do not lie down flat or bend over for long.
- Do not rub, press or massage the treated places, and no facials, for 24 hours.
- No hard exercise, sauna, hot yoga or alcohol until tomorrow.
- Clean skin gently. Make-up can go on after a few hours, with a light hand.
# The next days
- For a bruise: something cool, wrapped in cloth, for some minutes at a time.
- For a headache: the pain reliever you usually take, as its leaflet says.
- If something looks uneven after two weeks, write or call: it can often be put right.
# Call us the same day
- A drooping eyelid or brow, double or blurred vision, a crooked smile
- Weakness away from the treated place, a hoarse voice
- Growing pain, warmth or redness, pus or a fever
- {clinic}: {phone}
"""
    + EMERGENCY_EN,
    "Después de la toxina botulínica",
    """Los pequeños bultos donde entró la aguja desaparecen en una hora; algo de enrojecimiento, un moretón o un ligero dolor de cabeza pueden durar unos días. El efecto llega poco a poco: júzguelo a las dos semanas, no antes.
# Hoy
- Manténgase erguido cuatro horas; no se acueste ni se incline mucho rato.
- No frote, presione ni masajee las zonas tratadas, ni se haga tratamientos faciales, durante 24 horas.
- Nada de ejercicio intenso, sauna, yoga caliente ni alcohol hasta mañana.
- Limpie la piel con suavidad. Puede maquillarse pasadas unas horas, con mano ligera.
# Los próximos días
- Si hay un moretón: algo frío envuelto en un paño, unos minutos cada vez.
- Si le duele la cabeza: el analgésico que suele tomar, según su prospecto.
- Si a las dos semanas algo se ve desigual, escriba o llame: muchas veces se puede corregir.
# Llámenos el mismo día
- Párpado o ceja caídos, visión doble o borrosa, sonrisa torcida
- Debilidad lejos de la zona tratada, voz ronca
- Dolor, calor o enrojecimiento que aumentan, pus o fiebre
- {clinic}: {phone}
"""
    + EMERGENCY_ES,
)
FILLER: Final = both(
    "After dermal filler",
    """Swelling, tenderness and bruises are usual and settle within one to two weeks; lips swell most on the second morning. Small lumps often soften by themselves.
# Today
- Do not press or massage, unless we showed you how. No make-up on the needle points for 12 hours.
- Something cool, wrapped in cloth, ten minutes at a time. Never ice on bare skin.
- No hard exercise, sauna, sun beds or alcohol for 24 to 48 hours.
- Sleep with your head raised, on your back if you can.
# The next two weeks
- No dental work, facials or other treatments of the face unless we agreed on it.
- Drink enough, and use sunscreen.
# Call us at once, day or night, and do not wait until tomorrow
- Skin that turns white, grey, blue or marbled, or pain that is strong or grows: the filler may press on a vessel, and hours count
- Blisters or sores near the treated place; skin that stays pale when you press it
- {clinic}: {phone}
# Call us the same day
- Warm, hard or red skin, pus or a fever, a lump that is new or grows, also weeks later
# Call 911 now
- Any loss or change of sight, a drooping face, trouble speaking, the worst headache of your life
- Trouble breathing or swallowing, swelling of the tongue or throat, fainting
""",
    "Después del relleno dérmico",
    """La hinchazón, la sensibilidad y los moretones son habituales y ceden en una o dos semanas; los labios se hinchan más la segunda mañana. Los bultos pequeños suelen ablandarse solos.
# Hoy
- No presione ni masajee, salvo que le hayamos enseñado cómo. Nada de maquillaje en los puntos de la aguja durante 12 horas.
- Algo frío envuelto en un paño, diez minutos cada vez. Nunca hielo sobre la piel.
- Nada de ejercicio intenso, sauna, camas solares ni alcohol durante 24 a 48 horas.
- Duerma con la cabeza elevada, boca arriba si puede.
# Las dos semanas siguientes
- Nada de dentista, faciales ni otros tratamientos de la cara si no lo hemos acordado.
- Beba suficiente agua y use protector solar.
# Llámenos enseguida, de día o de noche, sin esperar a mañana
- Piel que se pone blanca, gris, azul o con manchas como mármol, o dolor fuerte o que aumenta: el relleno puede presionar un vaso y cada hora cuenta
- Ampollas o llagas cerca de la zona tratada; piel que sigue pálida cuando la presiona
- {clinic}: {phone}
# Llámenos el mismo día
- Piel caliente, dura o roja, pus o fiebre, un bulto nuevo o que crece, también semanas después
# Llame ahora al 911
- Cualquier pérdida o cambio de la vista, la cara caída, dificultad para hablar, el peor dolor de cabeza de su vida
- Dificultad para respirar o tragar, hinchazón de la lengua o la garganta, desmayo
""",
)
HAIR: Final = both(
    "After laser hair removal",
    """Redness and small bumps around the hairs are a good sign and fade within hours to two days. Treated hairs fall out over one to three weeks; until then they may look as if they grew.
# The first two days
- Cool the skin and keep it clean. Aloe or a plain moisturiser is enough.
- No hot baths, sauna, swimming pools, hard exercise or tight clothes.
- No perfume, deodorant, acids or retinoids on the treated skin.
# Until the next session
- Keep it out of the sun, and sunscreen of SPF 30 or more every day; no tanning, no self-tanner.
- Shave if you like. Do not pluck, wax, thread or bleach: the next session needs the root.
- Do not scratch or peel; gentle scrubbing only after a week.
# Call us the same day
- Blisters, crusts, burns or pain that lasts longer than a day
- Spots that turn darker or lighter, spreading redness, pus or a fever
- Tell us before the next session of new medicines, of a tan, or if you may be pregnant
- {clinic}: {phone}
"""
    + EMERGENCY_EN,
    "Después de la depilación láser",
    """El enrojecimiento y los pequeños bultos alrededor de los vellos son buena señal y desaparecen en horas o en dos días. Los vellos tratados caen en una a tres semanas; hasta entonces puede parecer que crecen.
# Los dos primeros días
- Enfríe la piel y manténgala limpia. Basta con aloe o una crema hidratante sencilla.
- Nada de baños calientes, sauna, piscina, ejercicio intenso ni ropa ajustada.
- Nada de perfume, desodorante, ácidos ni retinoides sobre la piel tratada.
# Hasta la próxima sesión
- Protéjala del sol y use a diario protector solar FPS 30 o más; sin bronceado ni autobronceador.
- Puede afeitarse. No arranque, depile con cera o hilo ni decolore: la próxima sesión necesita la raíz.
- No se rasque ni se quite la piel; exfolie con suavidad solo pasada una semana.
# Llámenos el mismo día
- Ampollas, costras, quemaduras o dolor que dura más de un día
- Manchas más oscuras o más claras, enrojecimiento que se extiende, pus o fiebre
- Antes de la próxima sesión, avísenos de medicamentos nuevos, de un bronceado o de un posible embarazo
- {clinic}: {phone}
"""
    + EMERGENCY_ES,
)
TATTOO: Final = both(
    "After tattoo removal",
    """The white frosting goes within an hour. Redness, swelling, some bleeding points and blisters are usual for some days, an itch for longer; the ink fades over weeks, and each session shows best after six to eight.
# The first days
- Leave the dressing on for 24 hours. Then wash daily with mild soap and water, pat dry, apply a thin layer of plain ointment, and cover anew until the skin has closed.
- Something cool, wrapped in cloth, ten minutes at a time.
- Do not open blisters. If one opens by itself, clean it, apply ointment, cover it.
- No baths, pools, sauna or hard exercise of that part until the skin has closed; short showers are fine.
# Until the next session
- Do not scratch or pull off crusts: that is how scars come.
- Keep it out of the sun; sunscreen of SPF 30 or more once the skin has closed.
- Smoke less, or not at all: the body carries the ink away more slowly otherwise.
# Call us the same day
- Spreading redness or warmth, pus, a bad smell, red streaks or a fever
- Pain that grows after the second day; blisters larger than a coin
- An itchy rash or raised skin over the ink, also weeks later
- {clinic}: {phone}
"""
    + EMERGENCY_EN,
    "Después de quitar un tatuaje",
    """El tono blanco desaparece en una hora. El enrojecimiento, la hinchazón, algunos puntos de sangre y las ampollas son habituales unos días, la picazón algo más; la tinta se aclara durante semanas, y cada sesión se aprecia mejor a las seis u ocho.
# Los primeros días
- Deje el apósito 24 horas. Después lave a diario con agua y jabón suave, seque sin frotar, aplique una capa fina de ungüento sencillo y cubra de nuevo hasta que la piel cierre.
- Algo frío envuelto en un paño, diez minutos cada vez.
- No abra las ampollas. Si una se abre sola, límpiela, ponga ungüento y cúbrala.
- Nada de baños, piscina, sauna ni ejercicio intenso de esa parte hasta que la piel cierre; las duchas cortas están bien.
# Hasta la próxima sesión
- No se rasque ni arranque las costras: así se forman las cicatrices.
- Protéjalo del sol; protector FPS 30 o más cuando la piel haya cerrado.
- Fume menos, o nada: si no, el cuerpo elimina la tinta más despacio.
# Llámenos el mismo día
- Enrojecimiento o calor que se extiende, pus, mal olor, líneas rojas o fiebre
- Dolor que aumenta después del segundo día; ampollas mayores que una moneda
- Sarpullido con picazón o piel abultada sobre la tinta, también semanas después
- {clinic}: {phone}
"""
    + EMERGENCY_ES,
)
PEEL: Final = both(
    "After a chemical peel",
    """Your skin feels tight and looks like after a sunburn. It peels from the second or third day on, for about a week; a deeper peel takes longer. How much it peels says nothing about how well it worked.
# While it heals
- Wash with cool water and a mild cleanser, pat dry, and apply a plain moisturiser as often as the skin feels tight.
- Do not pull, pick or scrub. Let the skin fall by itself.
- No retinoids, acids, vitamin C, hair removal or other treatments of that skin until it has healed.
- No hot water, sauna, pools or hard exercise for two to three days.
# Sun
- Stay out of it for two weeks, and use sunscreen of SPF 30 or more every day, clouds or not. New skin darkens easily.
# Call us the same day
- Blisters, open or oozing places, yellow crusts, growing pain or a fever
- Tingling and small blisters in a group, mostly at the mouth: it may be a cold sore
- Dark spots, or redness that stays longer than two weeks
- {clinic}: {phone}
"""
    + EMERGENCY_EN,
    "Después de un peeling químico",
    """La piel se siente tirante y parece quemada por el sol. Se pela desde el segundo o tercer día, durante una semana más o menos; un peeling más profundo tarda más. Cuánto se pela no dice nada de lo bien que ha funcionado.
# Mientras cura
- Lave con agua fresca y un limpiador suave, seque sin frotar y aplique una crema hidratante sencilla cada vez que note tirantez.
- No tire, no arranque ni frote. Deje que la piel caiga sola.
- Nada de retinoides, ácidos, vitamina C, depilación ni otros tratamientos en esa piel hasta que haya curado.
- Nada de agua caliente, sauna, piscina ni ejercicio intenso durante dos o tres días.
# Sol
- Evítelo dos semanas y use a diario protector solar FPS 30 o más, haya nubes o no. La piel nueva se oscurece con facilidad.
# Llámenos el mismo día
- Ampollas, zonas abiertas o que supuran, costras amarillas, dolor que aumenta o fiebre
- Hormigueo y pequeñas ampollas agrupadas, sobre todo junto a la boca: puede ser un herpes labial
- Manchas oscuras, o enrojecimiento que dura más de dos semanas
- {clinic}: {phone}
"""
    + EMERGENCY_ES,
)
NEEDLING: Final = both(
    "After microneedling",
    """Your skin is red and warm like after a sunburn, for one to three days, and may feel dry and rough for a week. The fine channels close within a day; until then what touches the skin gets in more easily.
# The first 24 hours
- Wash with cool water only, with clean hands. Use only what we gave you or a plain, scent-free moisturiser.
- No make-up. No sunscreen on open skin either: stay in the shade.
- No exercise that makes you sweat, no sauna, pools, hot showers or alcohol.
- A fresh pillowcase for the night.
# The next week
- Sunscreen of SPF 30 or more every day, and as little sun as you can.
- No retinoids, acids, vitamin C or scrubs for five to seven days.
- Do not pick at flakes or small crusts.
# Call us the same day
- Redness that grows after the third day, pus, yellow crusts, strong pain or a fever
- Small blisters in a group, mostly at the mouth: it may be a cold sore
- Spots that turn dark; an itchy rash
- {clinic}: {phone}
"""
    + EMERGENCY_EN,
    "Después del microneedling",
    """La piel está roja y caliente como tras una quemadura de sol de uno a tres días, y puede sentirse seca y áspera una semana. Los finos canales se cierran en un día; hasta entonces lo que toca la piel entra con más facilidad.
# Las primeras 24 horas
- Lave solo con agua fresca y manos limpias. Use solo lo que le dimos o una crema hidratante sencilla sin perfume.
- Sin maquillaje. Tampoco protector solar sobre la piel abierta: quédese a la sombra.
- Nada de ejercicio que haga sudar, sauna, piscina, duchas calientes ni alcohol.
- Una funda de almohada limpia para la noche.
# La semana siguiente
- Protector solar FPS 30 o más a diario, y el menor sol posible.
- Nada de retinoides, ácidos, vitamina C ni exfoliantes de cinco a siete días.
- No se arranque las escamas ni las costras pequeñas.
# Llámenos el mismo día
- Enrojecimiento que aumenta después del tercer día, pus, costras amarillas, dolor fuerte o fiebre
- Pequeñas ampollas agrupadas, sobre todo junto a la boca: puede ser un herpes labial
- Manchas que se oscurecen; sarpullido con picazón
- {clinic}: {phone}
"""
    + EMERGENCY_ES,
)

STARTERS: Final[dict[str, Starter]] = {
    "toxin": Starter("Botulinum toxin", TOXIN, ("botox", "toxin", "dysport", "xeomin", "wrinkle relax")),
    "filler": Starter("Dermal filler", FILLER, ("filler", "hyaluron")),
    "hair": Starter("Laser hair removal", HAIR, ("hair removal", "laser hair")),
    "tattoo": Starter("Tattoo removal", TATTOO, ("tattoo",)),
    "peel": Starter("Chemical peel", PEEL, ("peel",)),
    "needling": Starter("Microneedling", NEEDLING, ("needling",)),
}
