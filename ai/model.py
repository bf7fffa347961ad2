"""The call itself, to anything that speaks OpenAI's wire format. Nobody but the gateway may use it."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from ai.drafts import LONGEST, PARTS

if TYPE_CHECKING:
    from pydantic_ai import Agent

TIMEOUT: Final = 20.0
MOST_TOKENS: Final = 1_500


class ModelFailed(Exception):
    """No draft came of it. `problem` is a word for the ledger: unreachable, slow, refused, unreadable."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Answer:
    parts: dict[str, str]
    input_tokens: int
    output_tokens: int


def is_configured() -> bool:
    return bool(settings.AI_API_KEY and settings.AI_MODEL)


def ask(words: str, text: str) -> Answer:
    """One question, one answer, checked; ModelFailed for everything else."""
    if type(text) is not str:
        raise TypeError("a model is given text and nothing else")
    # The library takes a second and fifty megabytes: it is loaded by the first draft, not by every process.
    from pydantic_ai import exceptions

    try:
        result = _agent(words, settings.AI_MODEL, settings.AI_BASE_URL, settings.AI_API_KEY).run_sync(text)
    except exceptions.ModelTimeoutError:
        raise ModelFailed("slow") from None
    except exceptions.ModelHTTPError as error:
        raise ModelFailed("refused" if error.status_code < 500 else "unreachable") from None
    except exceptions.ModelAPIError:
        raise ModelFailed("unreachable") from None
    except exceptions.AgentRunError:
        raise ModelFailed("unreadable") from None
    used = result.usage
    parts = {part: getattr(result.output, part).strip()[:LONGEST] for part in PARTS}
    return Answer(parts, used.input_tokens or 0, used.output_tokens or 0)


@cache
def _agent(words: str, name: str, url: str, key: str) -> "Agent[None, Any]":
    from openai import AsyncOpenAI
    from pydantic import BaseModel, ConfigDict
    from pydantic_ai import Agent, NativeOutput
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    class NoteDraft(BaseModel):
        """What the model must answer: text by part of the note, empty where nothing supports it."""

        model_config = ConfigDict(extra="forbid")
        subjective: str = ""
        objective: str = ""
        assessment: str = ""
        plan: str = ""

    client = AsyncOpenAI(base_url=url or None, api_key=key, timeout=TIMEOUT, max_retries=0)
    model = OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client))
    return Agent(
        model,
        instructions=words,
        output_type=NativeOutput(NoteDraft),
        retries=1,
        model_settings={"temperature": 0.2, "max_tokens": MOST_TOKENS, "timeout": TIMEOUT},
    )
