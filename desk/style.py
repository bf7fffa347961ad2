"""Sample values for the living style page, shown in development only; invented, never a clinic's data."""

from datetime import date, timedelta
from typing import Any

DAY = date(2026, 3, 3)


def visit(
    at: str, length: int, name: str, status: str, service: str = "Wrinkle relaxer", **more: Any
) -> dict[str, Any]:
    hour, minute = (int(part) for part in at.split(":"))
    base = {
        "uid": f"sample-{at.replace(':', '')}-{name[:2]}",
        "href": "#s-cal",
        "at": at,
        "min": length,
        "time": f"{(hour - 1) % 12 + 1}:{minute:02}",
        "name": name,
        "status": status,
        "service": service,
        "minutes": None,
    }
    return base | more


def mark(kind: str, at: str, length: int, name: str = "") -> dict[str, Any]:
    return {"kind": kind, "at": at, "min": length, "name": name}


def providers() -> list[dict[str, Any]]:
    osei = [
        visit("09:00", 45, "Nadia Kowalczyk", "done", "Lip filler"),
        mark("buffer", "09:45", 10),
        visit("10:30", 60, "Thalia Brandt", "in_room", "Cheek filler", minutes=41),
        visit("11:45", 15, "Ivo Petrov", "confirmed", "Two-week check"),
        mark("away", "12:00", 60, "Lunch"),
        mark("gap", "13:15", 45, "1:15 pm – 2:00 pm"),
    ]
    raman = [
        visit("09:15", 45, "Caleb Whitmore", "no_show"),
        mark("free", "10:15", 30, "10:15"),
        visit(
            "11:15", 45, "Elena Marsh-Villanueva", "arrived", minutes=8, flag="Stopped texts", current=True
        ),
        visit("12:15", 30, "Gwen Adler", "confirmed"),
        visit("13:00", 60, "María José Etxebarria-Santisteban del Río", "booked", "Lip filler"),
    ]
    lindqvist = [
        mark("away", "09:00", 30, "Training"),
        visit("09:30", 60, "Yasmin Haddad", "done", "Numbing, then laser", lane=1, lanes=2),
        visit("09:50", 25, "Bo Ericsson", "done", "Patch test", lane=2, lanes=2),
        visit("11:00", 20, "Someone booking now", "hold", "Held"),
        visit("12:15", 5, "A very short visit", "confirmed", "Check"),
    ]
    return [
        {"name": "Dr. Amara Osei", "initials": "AO", "sub": "Room 1 · 8 visits", "events": osei},
        {"name": "Priya Raman, NP", "initials": "PR", "sub": "Room 2 · 10 visits", "events": raman},
        {
            "name": "Maximiliana Fernández-Oyarzún, RN",
            "initials": "MF",
            "sub": "Laser room · 7 visits",
            "events": lindqvist,
        },
    ]


def days() -> list[dict[str, Any]]:
    free = (0, 11, 6, 9, 0, 2, 0, 0, 14, 3)
    return [
        {
            "date": DAY + timedelta(days=n),
            "href": "#s-book" if count else "",
            "free": count,
            "closed": n in (0, 6),
            "current": n == 1,
        }
        for n, count in enumerate(free)
    ]


def groups() -> list[dict[str, Any]]:
    def slot(label: str, **state: bool) -> dict[str, Any]:
        return {"value": label, "label": label} | state

    morning = [slot("9:15 am"), slot("10:00 am"), slot("10:45 am"), slot("11:30 am", taken=True)]
    afternoon = [slot("12:30 pm"), slot("1:15 pm"), slot("2:30 pm", chosen=True), slot("3:15 pm")]
    return [
        {"label": "Morning", "free": 3, "slots": morning},
        {"label": "Afternoon", "free": 4, "slots": afternoon},
    ]


def sample() -> dict[str, Any]:
    """Everything templates/desk/style.html asks for."""
    hours = [(10, "10 am"), (11, "11 am"), (12, "12 pm"), (13, "1 pm")]
    return {
        "day": DAY,
        "days": days(),
        "groups": groups(),
        "providers": providers(),
        "hours": [{"at": f"{hour}:00", "label": label} for hour, label in hours],
        "steps": [
            {"label": "Treatment", "href": "#s-news", "state": "done"},
            {"label": "Provider", "href": "#s-news", "state": "done"},
            {"label": "Time", "state": "current"},
            {"label": "Details", "state": "todo"},
        ],
    }
