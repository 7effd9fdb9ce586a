"""The engine: the only door to the Agents SDK.

An app builds its agent in its `agent.py` from what is exported here and imports neither `agents` nor `openai`:

    JUDGE = define_agent("VisitorIdentifier", "visitor-judge", INSTRUCTIONS, Judgement, purpose=_("…"), app="visitors")

    def judge(*, application_id: UUID, now: datetime) -> Judgement:
        context = Context(now=now, application_id=application_id)
        return run_typed_sync(JUDGE, input=json.dumps(facts), context=context, trigger="abandonment")

and a conversation streams:

    async for event in stream_reply(CATHY, text=text, context=context, session=session, trigger="message"):
        ...  # TextDelta (checked), ToolDone, Final

What the engine holds, whichever model answers: a run row before the model is asked and closed afterwards, a
deadline for each turn, tool and model attempt, retries, blocking input guardrails, checked sentences only, tools
that cannot leak an exception, errors in the project's categories. `docs/agents.md` tells it at length.
"""

from cathy.engine import tracing as tracing  # first: it replaces the SDK's exporter
from cathy.engine.context import Context
from cathy.engine.db import Unit, db
from cathy.engine.definition import AgentSpec, define_agent
from cathy.engine.errors import EmptyReplyError, InputBlockedError, run_of
from cathy.engine.guards import Guards
from cathy.engine.provider import mode
from cathy.engine.record import RunRecord as OpenRun
from cathy.engine.runner import DEADLINE_S, open_run, run_typed, run_typed_sync
from cathy.engine.session import MemorySession, SessionStore
from cathy.engine.streaming import Final, ReplyEvent, TextDelta, ToolDone, stream_reply
from cathy.engine.tools import GuardedTool, guarded_tool
from cathy.engine.warm import warm_up

__all__ = [
    "DEADLINE_S",
    "AgentSpec",
    "Context",
    "EmptyReplyError",
    "Final",
    "GuardedTool",
    "Guards",
    "InputBlockedError",
    "MemorySession",
    "OpenRun",
    "ReplyEvent",
    "SessionStore",
    "TextDelta",
    "ToolDone",
    "Unit",
    "db",
    "define_agent",
    "guarded_tool",
    "mode",
    "open_run",
    "run_of",
    "run_typed",
    "run_typed_sync",
    "stream_reply",
    "warm_up",
]
