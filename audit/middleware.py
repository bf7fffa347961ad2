"""Opens a trail for each request and writes its reads before the answer leaves."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from audit import trail
from core.http import client_ip
from core.problems import Problem, Unavailable

log = logging.getLogger(__name__)


class ReadTrail:
    """No audit, no data: an answer whose reads cannot be written becomes a 503 without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id: UUID = request.request_id  # type: ignore[attr-defined]
        agent = request.META.get("HTTP_USER_AGENT", "")
        with trail.trail(request_id, ip=client_ip(request), agent=agent) as opened:
            response = self.get_response(request)
            try:
                trail.flush(opened)
            except (Error, Problem) as error:
                log.exception("the reads of a request could not be written")
                problem = Unavailable(
                    detail="The access log cannot be written, so nothing is shown. Please try again in a minute."
                )
                problem.__cause__ = error
                answer: HttpResponse = import_string(settings.PROBLEM_VIEW)(request, problem)
                return answer
            return response
