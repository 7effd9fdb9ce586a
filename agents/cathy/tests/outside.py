"""One run over the wire without a database, for the test that looks at where a process connects to."""

from __future__ import annotations

import asyncio

from agents import Runner

from cathy.engine.guards import Guards
from cathy.engine.runner import open_scope, run_config
from cathy.tests.support import check, context, inspect, speaker


def one_run(url: str) -> None:
    """Ask the model at `url`, traced as every run is."""
    agent = speaker()
    scope = open_scope(
        agent, context(), trigger="test", run_id=None, guards=Guards(inspect=inspect, check_sentence=check)
    )

    async def main() -> None:
        result = await Runner.run(agent.sdk, "hi", context=scope, run_config=run_config(agent, scope))
        assert result.final_output == "Hello."

    asyncio.run(main())
    assert scope.record.timeline
