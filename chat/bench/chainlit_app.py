"""Chainlit's echo, for Chainlit's own interpreter: the peer of the bench, without storage, agent or guardrail."""

import chainlit as cl


@cl.on_message  # type: ignore[untyped-decorator]
async def answer(message: cl.Message) -> None:
    await cl.Message(content=message.content).send()
