"""The content policy of our pages: one constant header, built once, unless a view changed it."""

from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CHANGED = ("_csp_exempt", "_csp_exempt_ro", "_csp_config", "_csp_config_ro", "_csp_update", "_csp_update_ro")
REPLACED = ("_csp_replace", "_csp_replace_ro")
HEADER = "Content-Security-Policy"


class ContentPolicy(CSPMiddleware):
    """django-csp builds the policy for every answer; ours has no nonce and is the same every time."""

    _constant = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if any(hasattr(response, name) for name in (*CHANGED, *REPLACED)):
            changed: HttpResponseBase = super().process_response(request, response)
            return changed
        if HEADER not in response:
            self._constant = self._constant or build_policy()
            response[HEADER] = self._constant
        return response
