"""A document on its way out: a PDF is saved, never shown by us; an image browsers show without doing anything else."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from files.opening import FileUnreadable, file_response
from vault.tags import DOCUMENT_BODY


class DocumentUnreadable(FileUnreadable):
    type = "document-unreadable"
    title = _("This document cannot be opened")
    default_detail = _(
        "The stored file is gone or was changed, so nothing of it is given out. Other documents are not touched by this. "
        "Whoever runs this system can look for it in a backup."
    )


def document_response(document: Document) -> HttpResponse:
    """The file, whole; DocumentUnreadable, or Unavailable with when to ask again, otherwise."""
    return file_response(
        document, body=DOCUMENT_BODY, unreadable=DocumentUnreadable, saved_as=document.saved_as
    )
