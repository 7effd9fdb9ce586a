"""The chat socket as an AsyncAPI 3 document, made from the typed frames: `docs/chat-socket.asyncapi.json`.

`python manage.py chat_protocol` prints it; a test holds the file in docs to it.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

from pydantic import BaseModel

from chat import limits
from chat.frames import CLIENT_FRAMES
from chat.protocol import SERVER_FRAMES

Document = dict[str, Any]

#: Code, and what it means to the one who is closed.
CLOSE_CODES: Final[dict[int, str]] = {
    4400: "bad first frame, or unknown site",
    4401: "bad or outdated ticket: forget it and say hello without",
    4403: "not yours, or a page that may not embed this chat",
    4408: "idle, or no hello",
    4410: "what was sent is not read",
    4429: "too fast, or too many sockets of one address or visitor",
    1009: "a frame longer than the server takes",
    1011: "the server cannot answer now: try again later",
}
_REF = "#/components/schemas/{model}"


def document() -> Document:
    """The whole document, in the order in which it is read."""
    schemas: Document = {}
    messages = {**_messages(CLIENT_FRAMES, schemas), **_messages(SERVER_FRAMES, schemas)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Car Loans chat socket",
            "version": "1.0.0",
            "description": _description(),
        },
        "defaultContentType": "application/json",
        "servers": {"web": {"host": "{host}", "protocol": "wss", "variables": {"host": {"default": "localhost"}}}},
        "channels": {"chat": _channel(messages)},
        "operations": {
            "fromClient": _operation("receive", CLIENT_FRAMES, "What a client sends; `hello` is the first frame."),
            "toClient": _operation("send", SERVER_FRAMES, "What a client gets."),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _description() -> str:
    codes = "\n".join(f"- `{code}` {meaning}" for code, meaning in CLOSE_CODES.items())
    return (
        f"Text frames, JSON, at most {limits.MAX_FRAME_BYTES} bytes each. The page's Origin must be one of the site's. "
        f"docs/chat-socket.md tells the rules in words.\n\nClose codes:\n\n{codes}"
    )


def _channel(messages: Document) -> Document:
    return {
        "address": "/ws/chat/",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {
                    "type": "object",
                    "properties": {"site": {"type": "string", "description": "the site's public key"}},
                    "required": ["site"],
                },
                "bindingVersion": "0.1.0",
            }
        },
    }


def _operation(action: str, models: tuple[type[BaseModel], ...], summary: str) -> Document:
    refs = [{"$ref": f"#/channels/chat/messages/{model.__name__}"} for model in models]
    return {"action": action, "channel": {"$ref": "#/channels/chat"}, "summary": summary, "messages": refs}


def _messages(models: tuple[type[BaseModel], ...], schemas: Document) -> Document:
    return {model.__name__: _message(model, schemas) for model in models}


def _message(model: type[BaseModel], schemas: Document) -> Document:
    schema = model.model_json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    kind = schema["properties"]["type"]["const"]
    summary = " ".join((inspect.getdoc(model) or "").split())
    found: Document = {"name": kind, "payload": {"$ref": _REF.format(model=model.__name__)}}
    return found | ({"summary": summary} if summary else {})
