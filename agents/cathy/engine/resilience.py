"""What happens when a model does not answer: a smaller one is asked, and a dead one is left alone for a while.

Attempts are counted in one place, the SDK's retry loop, which tells a model of each failure by asking it for advice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast

from agents.exceptions import ModelTimeoutError
from agents.items import ModelResponse, TResponseStreamEvent
from agents.model_settings import ModelSettings
from agents.models.interface import Model
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest, ModelRetryNormalizedError
from openai.types.responses import ResponseCompletedEvent

from carloans.core.errors import AgentTimeout, ExternalApiError, NetworkError
from cathy.engine.errors import PROVIDER, translate
from cathy.engine.usage import Answer, counted

#: Failures in a row after which a model is left alone, and for how many seconds.
TRIPS_AFTER = 5
RESTS_S = 30.0
#: Failures of one request after which the next model of the row is asked; a time-out is enough.
PATIENCE = 2
#: The longest Retry-After that is waited for; a turn has twenty seconds in all.
LONGEST_WAIT_S = 5.0


class ModelResting(ExternalApiError):
    """Every model failed so often that we do not even ask for a moment: a person takes over at once."""

    code = "model_resting"

    def __init__(self) -> None:
        super().__init__(provider=PROVIDER, retryable=False)


class Breaker:
    """The circuit breaker of one model in this process. After its rest a single request may try."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def allows(self) -> bool:
        """Whether the model may be asked. After a rest the first caller is let through and the others wait on."""
        with self._lock:
            if self._failures < TRIPS_AFTER:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + RESTS_S
            return True

    def answered(self) -> None:
        """The model works."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The model gave no answer; a refused request is no such failure."""
        with self._lock:
            self._failures += 1
            if self._failures >= TRIPS_AFTER:
                self._until = self._clock() + RESTS_S


_breakers: dict[tuple[str, str], Breaker] = {}


def breaker_of(address: str, name: str) -> Breaker:
    """The breaker of a model at an address; one for all runs of this process."""
    return _breakers.setdefault((address, name), Breaker())


def forget_failures() -> None:
    """Close every breaker: for tests, and after the configuration changed."""
    _breakers.clear()


@dataclass
class Tier:
    """One model of the row, best first. `settings` adds what its family alone understands."""

    name: str
    model: Model
    breaker: Breaker
    settings: ModelSettings = field(default_factory=ModelSettings)
    failures: int = field(default=0)

    def fitted(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The SDK's positional arguments with this model's own settings (they are the third)."""
        return (*arguments[:2], arguments[2].resolve(self.settings), *arguments[3:])


def is_outage(error: BaseException) -> bool:
    """Whether an error says that the model is not well, and not that our request was wrong."""
    if isinstance(error, ModelTimeoutError):
        return True
    ours = translate(error)
    return isinstance(ours, NetworkError | AgentTimeout) or (isinstance(ours, ExternalApiError) and ours.retryable)


def _soon(advice: ModelRetryAdvice | None) -> ModelRetryNormalizedError | None:
    """What is known of the failure, without the wait that concerns the other model."""
    known = advice.normalized if advice else None
    return replace(known, retry_after=0.0) if known else None


#: Told of each answer of a real model.
Answered = Callable[[Answer], None]


class TieredModel(Model):
    """Models in a row for one run: the next one answers when the one before has failed.

    It takes the SDK's first seven arguments by position, as `GatedModel` hands them on. `answered` is told which model
    answered and the tokens it took, for the run's row and its budget. Raises ModelResting when none may be asked.
    """

    def __init__(self, tiers: Sequence[Tier], *, answered: Answered) -> None:
        self._tiers = list(tiers)
        self._answered = answered
        self._asked: Tier | None = None
        self._seen: Exception | None = None

    def _next(self) -> Tier:
        last = self._tiers[-1]
        for tier in self._tiers:
            if (tier.failures < PATIENCE or tier is last) and tier.breaker.allows():
                self._asked = tier
                return tier
        self._asked = None
        # A run that has met the failure itself tells of it; one that was not even tried says so.
        raise self._seen or ModelResting()

    def _done(self, tier: Tier, usage: Any, request: tuple[Any, ...], output: Sequence[Any]) -> None:
        tier.breaker.answered()
        tier.failures = 0
        self._answered(counted(tier.name, usage, request, output))

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        tier = self._next()
        response = await tier.model.get_response(*tier.fitted(args), **kwargs)
        self._done(tier, response.usage, args, response.output)
        return response

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[TResponseStreamEvent]:
        tier = self._next()
        async with aclosing(cast(Any, tier.model.stream_response(*tier.fitted(args), **kwargs))) as events:
            async for event in events:
                if isinstance(event, ResponseCompletedEvent):
                    self._done(tier, event.response.usage, args, event.response.output or [])
                yield event

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        """Called by the SDK for every failed attempt: note it, and pass on what the asked model advises.

        Nobody waits for a model that asks for more time than a customer has: the next one answers, or a person.
        """
        tier = self._asked
        if tier is None:
            return None
        advice = tier.model.get_retry_advice(request)
        too_long = advice is not None and (advice.retry_after or 0.0) > LONGEST_WAIT_S
        if is_outage(request.error):
            self._seen = request.error
            tier.breaker.failed()
            tier.failures += PATIENCE if too_long or isinstance(request.error, ModelTimeoutError) else 1
        if tier.failures >= PATIENCE and tier is not self._tiers[-1]:
            return ModelRetryAdvice(suggested=True, retry_after=0.0, normalized=_soon(advice))
        return ModelRetryAdvice(suggested=False) if too_long else advice

    async def close(self) -> None:
        for tier in self._tiers:
            await tier.model.close()

    async def _cleanup_on_run_end(self, owner: object) -> None:
        for tier in self._tiers:
            await tier.model._cleanup_on_run_end(owner)
