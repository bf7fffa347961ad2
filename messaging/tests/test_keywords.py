"""Texts as people write them: every form of STOP stops, and a visit cancelled is not a STOP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.keywords import Intent, provider_answers, read

WORDS = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"]
SPANISH = [
    "alto",
    "parar",
    "no más",
    "basta",
    "cancelar suscripción",
    "ya no más mensajes",
    "no me manden mensajes",
]
CASES = [str.upper, str.lower, str.title, str.swapcase, lambda word: word[0].lower() + word[1:].upper()]


def fullwidth(word: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in word)


def bold(word: str) -> str:
    return "".join(chr(0x1D400 + ord(each) - 65) if "A" <= each <= "Z" else each for each in word.upper())


DRESSES = [
    lambda word: word,
    lambda word: f"  {word}\n",
    lambda word: f"{word}.",
    lambda word: f"{word}!!!",
    lambda word: f'"{word}"',
    lambda word: f"({word})",
    lambda word: f"*{word}*",
    lambda word: f"{word} 🙏",
    lambda word: f"🛑{word}🛑",
    lambda word: f"{word} 👎🏽😡",
    lambda word: "\u200b".join(word),
    lambda word: "\u2060\ufeff" + "\u200d".join(word),
    lambda word: "\u00ad".join(word),
    fullwidth,
    bold,
    lambda word: f"please {word}",
    lambda word: f"{word} please",
    lambda word: f"{word}, thank you",
    lambda word: f"{word}\n\nSent from my iPhone",
    lambda word: f"{word} {word}",
    lambda word: f"\t{word}\r\n.",
    lambda word: word.replace(" ", "-"),
    lambda word: word.replace(" ", "\u00a0"),
]


@pytest.mark.promise("P80")
@pytest.mark.parametrize("word", WORDS)
def test_every_opt_out_word_in_every_form(word):
    for dress in DRESSES:
        for case in CASES:
            assert read(dress(case(word))).intent is Intent.STOP, repr(dress(case(word)))


@pytest.mark.promise("P80")
@pytest.mark.parametrize(
    "text",
    [
        "S T O P", "S.T.O.P.", "s-t-o-p", "SТОР", "ЅТОР", "🛑", "stop it", "just stop", "Stop texting me",
        "stop texting me!!", "please stop", "PLEASE STOP TEXTING ME", "pls stop", "can you stop", "could you please stop",
        "stop sending me messages", "Please stop sending me these texts.", "I said stop", "i told you to stop",
        "STOP PLEASE", "stop now", "stop all", "stop all messages", "Stop, Pat", "don't text me", "Dont text me anymore",
        "do not text me", "Don’t contact me again", "no more texts", "no more texts please", "No more messages from you",
        "unsubscribe me", "please unsubscribe me from this list", "opt me out", "I want to opt out", "I'd like to opt-out",
        "take me off your list", "remove me from this list", "remove my number", "leave me alone",
        "I revoke my consent", "I withdraw consent", "cancel all texts", "cancel messages", "cancel my subscription",
        "quit texting me", "stop with the reminders", "stop the spam", "I don't want any more texts",
        "i do not want to receive messages", "never text me again", "lose my number", "end messages",
        "stop sending", "Stop contacting me",
    ],
)  # fmt: skip
def test_sentences_that_stop(text):
    assert read(text).intent is Intent.STOP


@pytest.mark.promise("P80")
@pytest.mark.parametrize(
    "text",
    [
        *SPANISH, "ALTO", "¡Alto!", "¡BASTA YA!", "No mas", "ya no más", "pare por favor", "paren", "Parar.", "para",
        "por favor dejen de enviar mensajes", "deja de mandarme textos", "no me escriban", "no quiero más mensajes",
        "no quiero recibir recordatorios", "darme de baja", "quiero darme de baja", "denme de baja", "desuscribirme",
        "alto a los mensajes", "cancelar mensajes", "borren mi número",
    ],
)  # fmt: skip
def test_spanish_stops_and_is_answered_in_spanish(text):
    reading = read(text)
    assert reading.intent is Intent.STOP
    assert reading.language == "es"


@pytest.mark.parametrize(
    "text",
    [
        "cancel my 3 pm", "Cancel my appointment", "please cancel my appointment tomorrow", "I need to cancel",
        "can I cancel for Friday?", "cancelling today sorry", "hi, cancel tomorrow please", "Need to cancel my visit",
        "quiero cancelar mi cita", "cancelar la cita del lunes", "CANCEL MY 3PM", "I have to cancel, sick kid",
    ],
)  # fmt: skip
def test_a_visit_cancelled_is_not_a_stop(text):
    assert read(text).intent is Intent.CANCEL_VISIT


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "👍", "C", "yes", "no", "ok", "Thanks!", "Running 10 min late", "I will stop by at 3",
        "can I stop by tomorrow?", "should I stop taking aspirin?", "stop by desk first?", "don't stop", "Please don't stop",
        "when should I stop Accutane", "see you at the end of the week", "What time do you end today?",
        "I don't want to cancel", "do not cancel my visit please", "what is your cancellation policy?",
        "para el lunes por favor", "¿hay algo más?", "Is it ok to start on Monday", "how can I help", "nos vemos",
        "don't stop texting me", "stop taking retinol when?", "do I need to remove my makeup before?",
        "the bus stop is closed, late", "I text you later", "no me duele", "I got no message", "never got a text", "I don't text much",
    ],
)  # fmt: skip
def test_ordinary_messages_stay_ordinary(text):
    assert read(text).intent is None


@pytest.mark.parametrize(
    "text", ["START", "start", "Unstop", "start please", "ＳＴＡＲＴ", "opt in", "Comenzar", "START."]
)
def test_start(text):
    assert read(text).intent is Intent.START


@pytest.mark.promise("P81")
@pytest.mark.parametrize(
    "text", ["HELP", "help", "Help!", "help me", "info", "INFO please", "ayuda", "¡AYUDA!", "ＨＥＬＰ"]
)
def test_help(text):
    assert read(text).intent is Intent.HELP


def test_the_provider_answers_single_words_only():
    assert provider_answers(" stop ")
    assert provider_answers("HELP")
    assert not provider_answers("STOP PLEASE")
    assert not provider_answers("alto")


@given(st.text(max_size=400))
def test_any_text_is_read_without_fault(text):
    read(text)


@given(st.sampled_from(WORDS), st.text(alphabet=" .!?,;:*_-~\"'\n\t🙏😡\u200b\u200d\ufe0f", max_size=6))
def test_decoration_never_hides_a_stop(word, dress):
    assert read(dress + word + dress).intent is Intent.STOP
