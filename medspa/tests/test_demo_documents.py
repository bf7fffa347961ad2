"""The demo's papers: printed, sealed and opened as any other."""

from core.clock import now
from documents.models import Document
from documents.opening import DocumentUnreadable
from files.opening import file_response
from medspa.demo.documents import file_documents
from tenants.context import enter
from vault.tags import DOCUMENT_BODY


def test_a_few_patients_have_papers_and_a_second_run_adds_none(glow):
    with enter(glow.clinic):
        people = [glow.cast.pat, glow.cast.stranger, glow.cast.people["quinn"], glow.cast.pat]
        assert file_documents(people, at=now()) == 3
        assert file_documents(people, at=now()) == 0
        found = list(Document.objects.order_by("-added_at"))
        assert [(each.kind, each.from_patient, bool(each.released_at)) for each in found] == [
            ("referral", False, False),
            ("lab", False, True),
            ("records", True, False),
        ]
        for each in found:
            answer = file_response(each, body=DOCUMENT_BODY, unreadable=DocumentUnreadable)
            assert answer.content.startswith(b"%PDF-")
            answer.close()
