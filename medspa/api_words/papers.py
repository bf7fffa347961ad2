"""Photos and documents."""

from typing import Final

from medspa.api_words.shared import CURSOR, Words

PAPERS: Final[dict[str, Words]] = {
    "photos_add": Words(
        "Photos",
        "Add a photo",
        "A form with the image and a thumbnail of it, each a JPEG, PNG or WebP without metadata; its fields come before "
        "its files. It is sealed as it arrives, stored, read back, and only then there. With an Idempotency-Key a retry "
        "answers 200 with the first photo.",
        "photos.manage",
        {
            409: ("conflict", "idempotency-key-reused", "baa-required"),
            413: ("too-large",),
            415: ("unsupported-media-type",),
            422: ("invalid",),
        },
    ),
    "photos_content": Words(
        "Photos",
        "Open a photo",
        "The image, whole: a file that is gone or was changed is 410 `photo-unreadable`, never a part of it. Each opening "
        "is an event of its own. 503 with Retry-After when too many are opened at once.",
        "photos.view",
        {404: ("not-found",), 410: ("photo-unreadable",), 503: ("unavailable",)},
        patient="What the clinic released to them.",
    ),
    "patient_photos": Words(
        "Photos",
        "List a patient's photos",
        f"The newest sitting first. {CURSOR}",
        "photos.view",
        patient="What the clinic released to them.",
    ),
    "documents_add": Words(
        "Documents",
        "Add a document",
        "A form with the file and what it is; its fields come before it. It is sealed as it arrives, stored, read back, and "
        "only then there. A PDF with scripts, files or forms that send in it is refused. Clinical kinds need the open record "
        "besides. With an Idempotency-Key a retry answers 200 with the first document.",
        "documents.manage",
        {
            409: ("conflict", "idempotency-key-reused", "baa-required"),
            413: ("too-large",),
            415: ("unsupported-media-type",),
            422: ("invalid",),
        },
    ),
    "documents_read": Words(
        "Documents",
        "Look at a document",
        "What is said of it, not the file. Clinical kinds need the open record besides.",
        "documents.view",
        {404: ("not-found",)},
        patient="What the clinic released to them, and what they sent.",
    ),
    "documents_content": Words(
        "Documents",
        "Open a document",
        "The file, whole: one that is gone or was changed is 410 `document-unreadable`, never a part of it. Each opening is "
        "an event of its own. 503 with Retry-After when too many are opened at once.",
        "documents.view",
        {404: ("not-found",), 410: ("document-unreadable",), 503: ("unavailable",)},
        patient="What the clinic released to them, and what they sent.",
    ),
    "documents_release": Words(
        "Documents",
        "Show a document to its patient",
        "In the portal, from now on; five minutes later they hear that something is there. One that was removed answers 409.",
        "documents.manage",
        {404: ("not-found",), 409: ("conflict",)},
    ),
    "documents_withdraw": Words(
        "Documents",
        "Take a document back from the portal",
        "It is shown no more. Nothing happens to one that was not shown.",
        "documents.manage",
        {404: ("not-found",)},
    ),
    "documents_remove": Words(
        "Documents",
        "Remove a document",
        "It leaves the lists and the portal, for a reason that is kept, and can be taken back. Nothing is deleted.",
        "documents.manage",
        {404: ("not-found",), 422: ("invalid",)},
        {"reason": "It belongs to another patient."},
    ),
    "documents_restore": Words(
        "Documents",
        "Take a removed document back",
        "It is in the record again. Nothing happens to one that was not removed.",
        "documents.manage",
        {404: ("not-found",)},
    ),
    "patient_documents": Words(
        "Documents",
        "List a patient's documents",
        f"The newest first, without those removed, and without clinical ones where the record is closed. {CURSOR}",
        "documents.view",
        patient="What the clinic released to them, and what they sent.",
    ),
}  # fmt: skip
