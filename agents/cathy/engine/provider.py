"""Which model answers behind an alias: the simulated one, or a real one once OPENAI_API_KEY is set.

Agents name aliases ("chat-main") and never models, so that one setting switches all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from weakref import WeakKeyDictionary

from agents.model_settings import ModelSettings
from agents.models.interface import Model, ModelProvider
from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
from agents.models.openai_responses import OpenAIResponsesModel
from agents.retry import ModelRetrySettings, retry_policies
from django.conf import settings
from openai import AsyncOpenAI
from openai.types.shared import Reasoning

from cathy.engine.gate import Gate, GatedModel, Permit
from cathy.engine.listening import HeardModel
from cathy.engine.recording import Recording
from cathy.engine.resilience import Answered, Tier, TieredModel, breaker_of
from cathy.engine.usage import Answer
from cathy.services import SIMULATED
from cathy.simulation.model import SimulatedModel

#: One attempt of the model, in seconds; the deadline of the whole turn is the runner's. With a fallback there must be
#: time left to ask it.
MODEL_TIMEOUT_S = 15.0
MODEL_TIMEOUT_WITH_FALLBACK_S = 9.0
MAX_RETRIES = 2
#: The connection's own limit stands behind the attempt's, for a socket that hangs outside of it.
_CLIENT_TIMEOUT_S = 20.0
_RETRY_STATUSES = (408, 409, 429, 500, 502, 503, 504)
#: Families whose models think before they answer and must be handed their own (encrypted) thoughts back.
_REASONING = ("gpt-5", "o1", "o3", "o4")

_stand_ins: dict[str, Model] = {}
#: The same for one context (a thread, a task and what they start) alone: others are answered as ever.
_answering_here: ContextVar[Mapping[str, Model]] = ContextVar("answering_here", default=MappingProxyType({}))
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[tuple[str, str], AsyncOpenAI]] = WeakKeyDictionary()


def is_live() -> bool:
    """Tell whether a real model is configured."""
    return bool(settings.OPENAI_API_KEY)


def mode() -> str:
    """Return "live" or "simulated", as pages and run rows say it."""
    return "live" if is_live() else "simulated"


def model_label() -> str:
    """Return the name of the model that answers, as run rows say it."""
    return str(settings.OPENAI_MODEL) if is_live() else SIMULATED


def _unheard(answer: Answer) -> None:
    return


class AliasProvider(ModelProvider):
    """Maps aliases to gated models for one run. `answered` is told of each real answer, `recording` of all of them."""

    def __init__(
        self,
        gate: Gate,
        client: AsyncOpenAI | None = None,
        permit: Permit | None = None,
        answered: Answered = _unheard,
        recording: Recording | None = None,
    ) -> None:
        self._gate = gate
        self._permit = permit
        self._answered = answered
        self._client = client
        self._recording = recording
        self._models: dict[str, Model] = {}

    def get_model(self, model_name: str | None) -> Model:
        alias = model_name or ""
        if alias not in self._models:
            inner = self._inner(alias)
            heard = inner if self._recording is None else HeardModel(inner, self._recording)
            self._models[alias] = GatedModel(heard, self._gate, self._permit)
        return self._models[alias]

    def _inner(self, alias: str) -> Model:
        if (model := _answering_here.get().get(alias) or _stand_ins.get(alias)) is not None:
            return model
        if not is_live():
            return SimulatedModel(alias)
        client = self._client or shared_client()
        return TieredModel([_tier(name, client) for name in model_names()], answered=self._answered)


def model_names() -> list[str]:
    """The real models, the one to prefer first."""
    return [str(name) for name in (settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL) if name]


def _tier(name: str, client: AsyncOpenAI) -> Tier:
    if settings.OPENAI_API == "chat":
        model: Model = OpenAIChatCompletionsModel(name, client)
    else:
        model = OpenAIResponsesModel(name, client)
    return Tier(name, model, breaker_of(str(settings.OPENAI_BASE_URL), name), _family_settings(name))


def _family_settings(name: str) -> ModelSettings:
    """What this model alone understands: a reasoning model thinks little, and gets its own thoughts back."""
    if settings.OPENAI_API == "chat":
        # Without it a stream reports no tokens, and budgets would count nothing.
        return ModelSettings(include_usage=True)
    if not name.startswith(_REASONING):
        return ModelSettings()
    return ModelSettings(
        reasoning=Reasoning(effort="low"), verbosity="low", response_include=["reasoning.encrypted_content"]
    )


def model_timeout_s() -> float:
    """Return how long one attempt may take."""
    return MODEL_TIMEOUT_WITH_FALLBACK_S if settings.OPENAI_FALLBACK_MODEL else MODEL_TIMEOUT_S


def model_settings(*, has_tools: bool, timeout_s: float) -> ModelSettings:
    """Return what each model call is asked for. Nothing is stored at the provider; we retry, its client does not."""
    return ModelSettings(
        timeout=timeout_s,
        store=False,
        parallel_tool_calls=False if has_tools else None,
        retry=ModelRetrySettings(
            max_retries=MAX_RETRIES,
            policy=retry_policies.any(
                retry_policies.provider_suggested(),
                retry_policies.retry_after(),
                retry_policies.network_error(),
                retry_policies.http_status(_RETRY_STATUSES),
            ),
        ),
    )


def new_client() -> AsyncOpenAI:
    """Return a client of the configured model API. Its own retries are off: attempts would multiply."""
    return AsyncOpenAI(
        api_key=str(settings.OPENAI_API_KEY),
        base_url=str(settings.OPENAI_BASE_URL) or None,
        max_retries=0,
        timeout=_CLIENT_TIMEOUT_S,
    )


def shared_client() -> AsyncOpenAI:
    """Return the client of the running event loop. A client that outlives its loop fails on the next."""
    loop = asyncio.get_running_loop()
    key = (str(settings.OPENAI_API_KEY), str(settings.OPENAI_BASE_URL))
    known = _clients.get(loop)
    if known is None or known[0] != key:
        _clients[loop] = known = (key, new_client())
    return known[1]


@asynccontextmanager
async def own_client() -> AsyncIterator[AsyncOpenAI | None]:
    """Give a run in a loop of its own (a Celery task) its own client, closed with it; None when simulated."""
    if not is_live():
        yield None
        return
    async with new_client() as client:
        yield client


@contextmanager
def stand_in(alias: str, model: Model) -> Iterator[Model]:
    """Let a given model answer for an alias while the block lasts: for tests and evaluations."""
    before = _stand_ins.get(alias)
    _stand_ins[alias] = model
    try:
        yield model
    finally:
        _stand_ins.pop(alias)
        if before is not None:
            _stand_ins[alias] = before


@contextmanager
def answering_here(alias: str, model: Model) -> Iterator[None]:
    """Let a given model answer for an alias within this context alone: for evaluations beside a running program."""
    token = _answering_here.set({**_answering_here.get(), alias: model})
    try:
        yield
    finally:
        _answering_here.reset(token)
