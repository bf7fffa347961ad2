"""A document in the shape of FHIR R5's DocumentReference, its kind by LOINC where LOINC has a name for it."""

from typing import Any, Final

from documents.models import Document, Kind

LOINC: Final = "http://loinc.org"
CODES: Final = {
    Kind.INSURANCE: ("64290-0", "Health insurance card"),
    Kind.REFERRAL: ("57133-1", "Referral note"),
    Kind.LAB: ("11502-2", "Laboratory report"),
    Kind.PATHOLOGY: ("11526-1", "Pathology study"),
    Kind.IMAGING: ("18748-4", "Diagnostic imaging study"),
    Kind.LETTER: ("11488-4", "Consult note"),
    Kind.RECORDS: ("11503-0", "Medical records"),
    Kind.CONSENT: ("59284-0", "Consent Document"),
}


def resource(document: Document) -> dict[str, Any]:
    subject = {"reference": f"Patient/{document.person.uid}"}
    attachment = {
        "contentType": document.media_type,
        "url": content_path(document),
        "size": document.size,
        "title": document.title,
    }
    if document.dated:
        attachment["creation"] = document.dated.isoformat()
    found: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": str(document.uid),
        "status": "current" if document.removed_at is None else "entered-in-error",
        "type": _type(Kind(document.kind)),
        "subject": subject,
        "date": document.added_at.isoformat(),
        "description": document.title,
        "content": [{"attachment": attachment}],
    }
    if document.from_patient:
        found["author"] = [subject]
    return found


def content_path(document: Document) -> str:
    return f"/api/v1/documents/{document.uid}/content/"


def _type(kind: Kind) -> dict[str, Any]:
    text = {"text": str(kind.label)}
    if kind not in CODES:
        return text
    code, display = CODES[kind]
    return {"coding": [{"system": LOINC, "code": code, "display": display}], **text}
