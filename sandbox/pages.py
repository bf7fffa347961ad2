"""The outbox as a page, made here: no script, no template engine, everything shown is escaped."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from sandbox.store import Entry
from sandbox.wire import Response

PAGE_SIZE = 50
KINDS = {"sms": "Text", "whatsapp": "WhatsApp", "email": "E-mail", "call": "Call"}
GOOD = {"delivered", "sent", "opened", "clicked", "read", "received"}
BAD = {"failed", "undelivered", "bounced", "complained"}
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def outbox(entries: list[Entry], query: Mapping[str, str], faults: list[dict[str, Any]]) -> str:
    number = query.get("page", "1")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    newest_first = entries[::-1]
    shown = newest_first[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    cards = "".join(_card(entry) for entry in shown) or _empty(query)
    return _page(
        "Outbox",
        f"""{_notice(query)}{_faults(faults)}
        {_filter(query)}
        <p class="count" role="status">{_count(len(entries))}</p>
        <ol class="cards">{cards}</ol>
        {_pager(page, len(entries), query)}""",
    )


def problem(text: str) -> str:
    return _page(
        "Not here", f'<p class="notice danger">{escape(text)}</p><p><a href="/outbox/">To the outbox</a></p>'
    )


def mail(entry: Entry) -> Response:
    """A mail's own HTML, with nothing allowed but its inline styles."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
    html = entry.details["html"].encode("utf-8", "replace")
    return Response(200, html, "text/html; charset=utf-8", {"Content-Security-Policy": policy})


def attachment(item: dict[str, Any]) -> Response:
    try:
        content = base64.b64decode(item["content"], validate=True)
    except (binascii.Error, ValueError):
        content = item["content"].encode()
    name = re.sub(r"[^A-Za-z0-9._-]", "_", item["filename"]) or "attachment"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, content, "application/octet-stream", headers)


def _page(title: str, main: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · Sandbox</title>
<link rel="stylesheet" href="/outbox/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header class="top">
<h1>{escape(title)}</h1>
<span class="badge sandbox">Sandbox</span>
<p>Texts and mails the application sent. None of them left this machine.</p>
</header>
<main>{main}</main>
</body>
</html>
"""


def _notice(query: Mapping[str, str]) -> str:
    answer = query.get("reply", "")
    if re.fullmatch("2[0-9][0-9]", answer):
        tone, text = "success", "Sent as the patient; the application took it."
    elif re.fullmatch("[1-5][0-9][0-9]", answer):
        tone, text = "danger", f"Sent as the patient, but the application answered with status {answer}."
    elif answer == "none":
        tone, text = "danger", "The application could not be reached, so it has not heard of this reply."
    else:
        return ""
    return f'<p class="notice {tone}" role="status">{text}</p>'


def _faults(faults: Iterable[dict[str, Any]]) -> str:
    lines = "".join(
        f"<li>{escape(fault['provider'].capitalize())}: {escape(_trouble(fault))}, {fault['times']} more</li>"
        for fault in faults
    )
    return f'<div class="notice warning"><p>Trouble on order</p><ul>{lines}</ul></div>' if lines else ""


def _trouble(fault: dict[str, Any]) -> str:
    parts = []
    if fault["hang_seconds"]:
        parts.append(f"answers after {fault['hang_seconds']} s")
    if fault["status"]:
        parts.append(f"status {fault['status']}")
    if fault["reset"]:
        parts.append("cuts the connection")
    return " and ".join(parts)


def _filter(query: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if query.get("kind", "") == value else ""}>{label}</option>'
        for value, label in {"": "Everything", **KINDS}.items()
    )
    return f"""<form class="filter" method="get" action="/outbox/">
<label>Patient's number or mail
<input name="to" value="{escape(query.get("to", ""))}" autocomplete="off"></label>
<label>Kind <select name="kind">{options}</select></label>
<button>Show</button>
<a class="button quiet" href="/outbox/">Show all</a>
</form>"""


def _count(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"


def _empty(query: Mapping[str, str]) -> str:
    if query.get("to") or query.get("kind"):
        return (
            '<li class="empty"><p>No message fits this filter.</p>'
            "<p>Show all, or look for another number.</p></li>"
        )
    return (
        '<li class="empty"><p>Nothing has been sent yet.</p>'
        "<p>Book a visit, and its confirmation appears here.</p></li>"
    )


def _card(entry: Entry) -> str:
    subject = entry.details.get("subject", "")
    head = f"<h2>{escape(subject)}</h2>" if subject else ""
    return f"""<li class="card{" inbound" if entry.inbound else ""}">
<div class="meta"><span class="who"><span class="kind">{KINDS.get(entry.kind, entry.kind)}</span> {_who(entry)}</span>
{_badges(entry)}<span class="when">{_other_end(entry)} · {_time(entry.at)}</span></div>
{head}<p class="body">{_linked(entry.body)}</p>
{_parts(entry)}{_reply_form(entry)}
</li>"""


def _who(entry: Entry) -> str:
    if entry.inbound:
        return f"from patient <b>{escape(entry.sender)}</b>"
    return f"to <b>{escape(entry.to)}</b>"


def _other_end(entry: Entry) -> str:
    return f"to {escape(entry.to)}" if entry.inbound else f"from {escape(entry.sender)}"


def _badges(entry: Entry) -> str:
    tone = "success" if entry.status in GOOD else "danger" if entry.status in BAD else "info"
    status = entry.status + (f" {entry.error_code}" if entry.error_code else "")
    badges = f'<span class="badge {tone}">{escape(status)}</span>'
    if entry.source == "service":
        badges += '<span class="badge info">answered by the service</span>'
    return badges


def _time(at: str) -> str:
    local = datetime.fromisoformat(at).astimezone()
    return (
        f'<time datetime="{escape(at)}">{local:%a} {local.day} {local:%b}, {local:%H:%M:%S} {local:%Z}</time>'
    )


def _linked(text: str) -> str:
    done, at = [], 0
    for found in LINK.finditer(text):
        url = escape(found[0])
        done += [escape(text[at : found.start()]), f'<a href="{url}" rel="noreferrer">{url}</a>']
        at = found.end()
    return "".join([*done, escape(text[at:])])


def _parts(entry: Entry) -> str:
    links = []
    if entry.details.get("html"):
        links.append(f'<a href="/outbox/{entry.id}/mail/">View as designed</a>')
    for number, item in enumerate(entry.details.get("attachments", [])):
        name = f"{escape(item['filename'])} ({item['size']:,} bytes)"
        links.append(f'<a href="/outbox/{entry.id}/{number}/" download>{name}</a>')
    return f'<p class="parts">{" ".join(links)}</p>' if links else ""


def _reply_form(entry: Entry) -> str:
    if entry.inbound or entry.kind not in {"sms", "whatsapp"}:
        return ""
    return f"""<details><summary>Reply as patient</summary>
<form method="post" action="/outbox/reply">
<input type="hidden" name="kind" value="{entry.kind}">
<input type="hidden" name="from" value="{escape(entry.to)}">
<input type="hidden" name="to" value="{escape(entry.sender)}">
<label>Text from {escape(entry.to)}
<textarea name="body" rows="2" maxlength="1600" required></textarea></label>
<button>Send reply</button>
</form></details>"""


def _pager(page: int, total: int, query: Mapping[str, str]) -> str:
    kept = {name: query[name] for name in ("to", "kind", "provider") if query.get(name)}

    def link(number: int, text: str) -> str:
        target = escape(f"/outbox/?{urlencode({**kept, 'page': number})}")
        return f'<a class="button quiet" href="{target}">{text}</a>'

    links = (link(page - 1, "Newer") if page > 1 else "") + (
        link(page + 1, "Older") if page * PAGE_SIZE < total else ""
    )
    return f'<nav class="pager" aria-label="Pages">{links}</nav>' if links else ""
