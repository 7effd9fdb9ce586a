"""Turning whatever a run can raise into the project's six categories.

| category | what |
|---|---|
| agent_timeout | the model, a tool or the whole turn took too long; too many model turns |
| network | refused, unresolvable, cut in mid-stream |
| bad_input | the customer's turn did not pass the input guardrails (`InputBlockedError`) |
| external_api | the model's API refused or failed, or the model's answer made no sense |
| bug | ours |

A 400 of the model's API is `external_api` and not `bad_input`: the customer cannot mend it.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import openai
from agents import exceptions as sdk

from carloans.core.errors import AgentTimeout, BadInput, Bug, CarLoansError, ExternalApiError, NetworkError, categorise

PROVIDER = "openai"
_RUN = "run_id"
_PASSING = frozenset({408, 409, 429})


class InputBlockedError(BadInput):
    """The turn was stopped before the model saw it. `kind` and `reason` come from the input guardrails."""

    code = "input_blocked"
    message = "I can't help with that here. A person from our team can."

    def __init__(self, *, kind: str, reason: str) -> None:
        super().__init__()
        self.kind = kind
        self.reason = reason


class EmptyReplyError(ExternalApiError):
    """The model ended its turn without a word."""

    code = "empty_reply"

    def __init__(self) -> None:
        super().__init__(provider=PROVIDER, retryable=True)


class EndlessReply(ExternalApiError):
    """The model went on and on, or said the same again and again."""

    code = "endless_reply"

    def __init__(self) -> None:
        super().__init__(provider=PROVIDER, retryable=False)


def translate(error: BaseException, *, run_id: UUID | None = None) -> CarLoansError:
    """Return the error as a `CarLoansError` that knows its run (`run_of`). No text of the original survives."""
    ours = _translate(error)
    setattr(ours, _RUN, run_id)
    return ours


def run_of(error: BaseException) -> UUID | None:
    """Return the id of the run that raised an error of the engine, also as `error.run_id`; None for any other."""
    run_id = getattr(error, _RUN, None)
    return run_id if isinstance(run_id, UUID) else None


def _translate(error: BaseException) -> CarLoansError:
    if isinstance(error, CarLoansError):
        return error
    if isinstance(error, sdk.InputGuardrailTripwireTriggered):
        return _input_blocked(error.guardrail_result.output.output_info)
    if isinstance(error, sdk.UserError) and isinstance(error.__cause__, Exception):
        return _translate(error.__cause__)
    return _time_out(error) or _network(error) or _provider(error) or _last_resort(error)


def _input_blocked(info: Any) -> InputBlockedError:
    facts = info if isinstance(info, dict) else {}
    return InputBlockedError(kind=str(facts.get("kind") or "unknown"), reason=str(facts.get("reason") or ""))


def _time_out(error: BaseException) -> CarLoansError | None:
    if isinstance(error, sdk.MaxTurnsExceeded):
        return AgentTimeout(code="too_many_turns")
    if isinstance(error, sdk.ToolTimeoutError):
        return AgentTimeout(code="tool_timeout")
    # APITimeoutError is an APIConnectionError as well, so this test comes before the network's.
    if isinstance(error, sdk.ModelTimeoutError | openai.APITimeoutError):
        return AgentTimeout(code="model_timeout")
    return AgentTimeout() if isinstance(error, TimeoutError | asyncio.TimeoutError) else None


def _network(error: BaseException) -> CarLoansError | None:
    if isinstance(error, openai.APIConnectionError | ConnectionError):
        return NetworkError()
    # The HTTP client's transport errors reach us bare when a stream breaks; its module is the SDK's choice.
    names = {base.__name__ for base in type(error).__mro__}
    return NetworkError() if "TransportError" in names else None


def _provider(error: BaseException) -> CarLoansError | None:
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        again = status in _PASSING or status >= 500
        return ExternalApiError(provider=PROVIDER, retryable=again, code=f"model_api_{status}")
    if isinstance(error, sdk.ModelRefusalError):
        return ExternalApiError(provider=PROVIDER, retryable=False, code="model_refused")
    if isinstance(error, openai.APIError):
        return ExternalApiError(provider=PROVIDER, retryable=True, code="model_api_error")
    if isinstance(error, sdk.ModelBehaviorError | json.JSONDecodeError):
        return ExternalApiError(provider=PROVIDER, retryable=True, code="model_misbehaved")
    return None


def _last_resort(error: BaseException) -> CarLoansError:
    by_category = {"network": NetworkError, "agent_timeout": AgentTimeout}
    kind = by_category.get(categorise(error).value, Bug)
    return kind()
