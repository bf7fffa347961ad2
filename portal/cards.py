"""The portal's own cards for the home: messages, dependants, details, and who opened the record."""

from django.utils.translation import gettext as _

from core.phones import pretty_phone
from messaging import inapp
from patients import guardians
from patients.access import own_access_log, own_messages
from patients.cards import Asked, Card
from portal import telling
from practice.profile import clinic_zone, profile

FEW = 3
LOOKED_AT = 40


def messages(asked: Asked) -> Card:
    found, _more = own_messages(asked.person, by=asked.by, most=1)
    return Card("portal/cards/messages.html", {"letters": telling.letters(found, clinic_zone())}, aside=True)


def new_message(asked: Asked) -> Card | None:
    """Until the thread was opened."""
    count = inapp.count_unread(asked.person.uid)
    return Card("portal/cards/new_message.html", {"count": count}) if count else None


def dependants(asked: Asked) -> Card | None:
    """Only for whom looks after somebody, and on their own home."""
    if asked.by.on_behalf:
        return None
    links = guardians.dependants_of(asked.person, at=asked.at)
    return Card("portal/cards/dependants.html", {"links": links}) if links else None


def details(asked: Asked) -> Card:
    person = asked.person
    phone = pretty_phone(person.phone, profile().region) if person.phone else _("No phone number")
    email = person.email or _("No email address")
    return Card("portal/cards/details.html", {"phone": phone, "email": email}, aside=True)


def opened(asked: Asked) -> Card:
    """The last few of the staff who looked; one's own visits here are no news."""
    events, _more = own_access_log(asked.person, by=asked.by, most=LOOKED_AT)
    lines = telling.lately(telling.seen(events, asked.person.uid, clinic_zone()), FEW)
    return Card("portal/cards/opened.html", {"lines": lines}, aside=True)
