"""An OpenAI-style model, the part the product uses: chat completions answered by rules; all else is 501.

It reads the JSON of the last message that says which parts of a note are wanted, and answers with short text made of
what it was given. The model "sandbox-garbage" answers something else than it was asked for.
"""

import hashlib
import json
from typing import Any, Final

from sandbox.config import Config
from sandbox.wire import BadRequest, Request, Response, json_response

PATH: Final = "/v1/chat/completions"
GARBAGE: Final = "sandbox-garbage"
PARTS: Final = ("subjective", "objective", "assessment", "plan")


def refusal(status: int, code: str, message: str) -> Response:
    return json_response(status, {"error": {"message": message, "type": code, "param": None, "code": code}})


def fault(status: int, code: str) -> Response:
    return refusal(status, code or "sandbox_fault", f"Sandbox fault, status {status}")


class OpenAI:
    def __init__(self, config: Config) -> None:
        self._config = config

    def sends(self, request: Request) -> bool:
        return request.method == "POST" and request.path == PATH

    def answer(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return refusal(401, "invalid_api_key", "Send a key as a bearer token.")
        if not self.sends(request):
            return refusal(501, "not_implemented", "The sandbox knows POST /v1/chat/completions alone.")
        try:
            asked = request.json_object()
            text = _last_text(asked)
        except BadRequest as problem:
            return refusal(400, "invalid_request_error", str(problem))
        said = "I would rather talk about the weather." if asked.get("model") == GARBAGE else _draft(text)
        return json_response(200, _completion(str(asked.get("model", "")), text, said))


def _last_text(asked: dict[str, Any]) -> str:
    messages = asked.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        raise BadRequest("messages must be a list of objects.")
    users = [one for one in messages if isinstance(one, dict) and one.get("role") == "user"]
    content = users[0].get("content") if users else None
    if isinstance(content, list):
        if not all(isinstance(one, dict) and one.get("type") == "text" for one in content):
            raise BadRequest("This model reads text alone.")
        content = "".join(str(one.get("text", "")) for one in content)
    if not isinstance(content, str):
        raise BadRequest("The user's message must be text.")
    return content


def _draft(text: str) -> str:
    try:
        given = json.loads(text)
    except ValueError:
        given = {}
    given = given if isinstance(given, dict) else {}
    wanted = [part for part in given.get("wanted", []) if part in PARTS]
    facts, written = given.get("facts", {}), given.get("written", {})
    found = {part: " ".join(facts.get(part, [])) for part in wanted}
    service = str(given.get("service", "treatment"))
    if "assessment" in wanted and (written.get("objective") or found.get("objective")):
        found["assessment"] = f"Suitable for {service.lower()} as discussed; findings as charted."
    if "plan" in wanted and not found.get("plan"):
        found["plan"] = f"{service} as charted. Aftercare explained. Check in two weeks."
    return json.dumps({part: found.get(part, "") for part in PARTS})


def _completion(model: str, asked: str, said: str) -> dict[str, Any]:
    tokens = {"prompt_tokens": len(asked) // 4 + 1, "completion_tokens": len(said) // 4 + 1}
    return {
        "id": "chatcmpl-" + hashlib.sha256(asked.encode()).hexdigest()[:24],
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": said, "refusal": None},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {**tokens, "total_tokens": sum(tokens.values())},
    }
