"""The history in the shapes of FHIR R5, for whoever speaks it: AllergyIntolerance, MedicationStatement, Condition."""

from typing import Any, Final

from charting.history import facts
from charting.history.codes import BY_KEY, NO_KNOWN_ALLERGY
from charting.history.facts import Fact
from charting.models import HistoryEntry, HistoryKind, HistoryStatus

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
CLINICAL: Final = {
    HistoryStatus.ACTIVE: "active",
    HistoryStatus.ENDED: "inactive",
}


def resource(entry: HistoryEntry) -> dict[str, Any] | None:
    """The entry as a resource; None for what is an observation of the skin and not one of the three."""
    fact = facts.of_body(entry.body)
    if entry.kind in (HistoryKind.ALLERGY, HistoryKind.NO_ALLERGIES):
        return _allergy(entry, fact)
    if entry.kind == HistoryKind.MEDICATION:
        return _medication(entry, fact)
    return _condition(entry, fact) if entry.kind == HistoryKind.CONDITION else None


def _base(entry: HistoryEntry, kind: str, who: str) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": str(entry.line),
        "meta": {"versionId": str(entry.number), "lastUpdated": entry.noted_at.isoformat()},
        who: {"reference": f"Patient/{entry.person.uid}"},
    }


def _allergy(entry: HistoryEntry, fact: Fact) -> dict[str, Any]:
    found = _base(entry, "AllergyIntolerance", "patient") | _statuses(entry, "allergyintolerance")
    if entry.kind == HistoryKind.NO_ALLERGIES:
        system, code = NO_KNOWN_ALLERGY
        coding = {"system": system, "code": code, "display": "No known allergy"}
        return found | {"code": {"coding": [coding]}}
    found |= {"code": _concept(fact), "recordedDate": entry.noted_at.isoformat()}
    if fact.since:
        found["onsetDateTime"] = fact.since
    if fact.reaction:
        reaction: dict[str, Any] = {"manifestation": [{"concept": {"text": fact.reaction}}]}
        found["reaction"] = [reaction | ({"severity": fact.severity} if fact.severity else {})]
    return found


def _medication(entry: HistoryEntry, fact: Fact) -> dict[str, Any]:
    status = "entered-in-error" if entry.status == HistoryStatus.MISTAKE else "recorded"
    found = _base(entry, "MedicationStatement", "subject")
    found |= {"status": status, "medication": {"concept": _concept(fact)}}
    period = {"start": fact.since, "end": fact.until}
    if fact.since or fact.until:
        found["effectivePeriod"] = {name: day for name, day in period.items() if day}
    if fact.dose:
        found["dosage"] = [{"text": fact.dose}]
    return found


def _condition(entry: HistoryEntry, fact: Fact) -> dict[str, Any]:
    found = _base(entry, "Condition", "subject") | _statuses(entry, "condition")
    # R5 wants a clinical status of every condition, also of one that was noted in error.
    found.setdefault("clinicalStatus", _coded("condition-clinical", "inactive"))
    found["code"] = _concept(fact)
    if fact.since:
        found["onsetDateTime"] = fact.since
    if fact.until and entry.status == HistoryStatus.ENDED:
        found["abatementDateTime"] = fact.until
    return found


def _statuses(entry: HistoryEntry, kind: str) -> dict[str, Any]:
    """An entry made in error has no clinical status: it never was."""
    if entry.status == HistoryStatus.MISTAKE:
        word = "ver-status" if kind == "condition" else "verification"
        return {"verificationStatus": _coded(f"{kind}-{word}", "entered-in-error")}
    return {"clinicalStatus": _coded(f"{kind}-clinical", CLINICAL[HistoryStatus(entry.status)])}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}


def _concept(fact: Fact) -> dict[str, Any]:
    coding = BY_KEY.get(fact.code)
    if coding is None:
        return {"text": fact.text}
    one = {"system": coding.system, "code": coding.code, "display": str(coding.label)}
    return {"coding": [one], "text": fact.text or str(coding.label)}
