"""Finding people without reading all of them: by keyed tokens, then by opening few and looking."""

from typing import Final

from django.db.models import prefetch_related_objects

from core.emails import EmailProblem, normalise_email
from core.phones import PhoneProblem, parse_phone
from patients.models import ContactKind, ContactPoint, Person, PersonQuerySet
from patients.rules import Details
from vault import blind
from vault.fields import warm_rows

MOST_CANDIDATES: Final = 300
WHOLE_SLICE: Final = 100
MOST_WORDS: Final = 6
LONGEST_QUERY: Final = 120
FEWEST_DIGITS: Final = 7


def find_people(text: str, *, region: str = "US", most: int = 20) -> list[Person]:
    """By the beginning of names in any order, or by a whole phone number or email address; the best first."""
    text = text.replace("\0", "").strip()[:LONGEST_QUERY]
    if "@" in text:
        return _by_email(text, most)
    if sum(character.isdigit() for character in text) >= FEWEST_DIGITS:
        return _by_phone(text, region, most)
    return _by_name(text, most)


def possible_duplicates(details: Details) -> list[Person]:
    """People with the same number or address and the same birth date: for the staff to look at, never merged."""
    if details.date_of_birth is None:
        return []
    pairs = ((ContactKind.PHONE, details.phone), (ContactKind.EMAIL, details.email))
    indexes = [blind.blind_index(kind, value) for kind, value in pairs if value]
    found = open_people(_with_contact(indexes), MOST_CANDIDATES)
    return [person for person in found if person.date_of_birth == details.date_of_birth]


def people_with_contact(kind: str, value: str) -> list[Person]:
    """Everybody reached by that number or address, in normal form. Families share phones."""
    return open_people(_with_contact([blind.blind_index(kind, value)]), MOST_CANDIDATES)


def open_people(rows: PersonQuerySet, most: int) -> list[Person]:
    """The rows with their contact points, ready to be read: three queries, one of them to the vault."""
    people = list(rows[:most])
    prefetch_related_objects(people, "contact_points")
    warm_rows(people)
    return people


def _by_email(text: str, most: int) -> list[Person]:
    try:
        address = normalise_email(text)
    except EmailProblem:
        return []
    return people_with_contact(ContactKind.EMAIL, address)[:most]


def _by_phone(text: str, region: str, most: int) -> list[Person]:
    try:
        number = parse_phone(text, region)
    except PhoneProblem:
        return []
    return people_with_contact(ContactKind.PHONE, number)[:most]


def _with_contact(indexes: list[bytes]) -> PersonQuerySet:
    owners = ContactPoint.objects.filter(index__in=indexes).values("person_id")
    return Person.objects.present().filter(pk__in=owners).by_last_visit()


def _by_name(text: str, most: int) -> list[Person]:
    words = blind.spoken_words(text)[:MOST_WORDS]
    tokens = blind.query_tokens(" ".join(words))
    if not tokens:
        return []
    rows = Person.objects.present().by_last_visit()
    for token in tokens:
        rows = rows.filter(name_tokens__token=token)
    best = _ranked(rows, words, most)
    prefetch_related_objects(best, "contact_points")
    return best


def _ranked(rows: PersonQuerySet, words: list[str], most: int) -> list[Person]:
    """The best candidates, fetched and opened a slice at a time.

    One word is the beginning of many names, and those who were here last will do. Two are a name that somebody gave:
    its owner must be found among all who begin alike, so they are opened to the last.
    """
    ranked: list[tuple[int, Person]] = []
    whole = len(words) > 1
    size = WHOLE_SLICE if whole else most
    for start in range(0, MOST_CANDIDATES, size):
        some = list(rows[start : start + size])
        warm_rows(some, "first_name", "last_name")
        ranked += [(rank, person) for person in some if (rank := _rank(person, words)) is not None]
        if len(some) < size or (not whole and len(ranked) >= most):
            break
    ranked.sort(key=lambda pair: pair[0])  # stable: within a rank who was here last stays first
    return [person for _, person in ranked[:most]]


def _rank(person: Person, words: list[str]) -> int | None:
    """0 for the whole name, then by where the words begin; None where a shortened hash led astray."""
    first, last = blind.name_words(person.first_name), blind.name_words(person.last_name)
    own = first | last
    if not all(any(name.startswith(word) for name in own) for word in words):
        return None
    if set(words) <= own:
        return 0
    if any(name.startswith(words[0]) for name in last):
        return 1
    return 2
