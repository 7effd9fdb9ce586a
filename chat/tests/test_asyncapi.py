"""The AsyncAPI document: the file in docs is what the typed frames say, and it hangs together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import ValidationError

from chat import asyncapi, consumers, protocol

FILE = Path(__file__).resolve().parents[2] / "docs" / "chat-socket.asyncapi.json"
WRITTEN = json.loads(FILE.read_text())
EXAMPLES = [
    ("Hello", {"type": "hello", "after": 0}, True),
    ("Hello", {"type": "hello", "after": -1}, False),
    ("Hello", {"type": "hello", "role": "staff"}, False),
    ("Say", {"type": "message", "id": "6f1c2b7e-8a55-4c0e-9d7e-0d2f4e3a1b2c", "text": "Hello"}, True),
    ("Say", {"type": "message", "text": "Hello"}, False),
    ("Ack", {"type": "ack", "id": "6f1c2b7e-8a55-4c0e-9d7e-0d2f4e3a1b2c", "seq": 2}, True),
    ("Ack", {"type": "ack", "seq": 2}, False),
    ("OwnerNews", {"type": "owner", "owner": "queue", "queue": {"position": 1}}, True),
    ("OwnerNews", {"type": "owner", "owner": "nobody"}, False),
    ("QueueNews", {"type": "queue", "queue": {"position": 2, "promise": "Somebody is here."}}, True),
    ("QueueNews", {"type": "queue"}, False),
]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(child)


def resolve(ref: str) -> Any:
    found = WRITTEN
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_the_file_is_what_the_frames_say(capsys):
    call_command("chat_protocol")
    assert json.loads(capsys.readouterr().out) == WRITTEN


def test_every_reference_leads_somewhere():
    refs = [node["$ref"] for node in nodes(WRITTEN) if "$ref" in node]
    assert len(refs) > 40
    assert all(resolve(ref) for ref in refs)


def test_the_parts_that_asyncapi_3_demands_are_there():
    assert WRITTEN["asyncapi"] == "3.0.0"
    assert WRITTEN["info"].keys() >= {"title", "version"}
    assert all({"host", "protocol"} <= server.keys() for server in WRITTEN["servers"].values())
    channel = WRITTEN["channels"]["chat"]
    for operation in WRITTEN["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert resolve(operation["channel"]["$ref"]) is channel
        assert all(ref["$ref"].startswith("#/channels/chat/messages/") for ref in operation["messages"])
    assert channel["messages"].keys() == WRITTEN["components"]["messages"].keys()


def test_payloads_are_schemas_in_both_drafts_that_tools_read():
    for name, schema in WRITTEN["components"]["schemas"].items():
        Draft7Validator.check_schema(schema)
        Draft202012Validator.check_schema(schema)
        assert schema.get("additionalProperties") is False, name


@pytest.mark.parametrize(("name", "frame", "fits"), EXAMPLES)
def test_payloads_tell_good_frames_from_bad_ones(name, frame, fits):
    schema = {"$ref": f"#/components/schemas/{name}", "components": WRITTEN["components"]}
    assert Draft202012Validator(schema).is_valid(frame) is fits


def test_every_close_code_of_the_consumer_is_told():
    used = {consumers.BAD_FIRST_FRAME, consumers.BAD_TICKET, consumers.NOT_YOURS, consumers.IDLE, consumers.TOO_FAST}
    assert used | {consumers.UNAVAILABLE} <= asyncapi.CLOSE_CODES.keys()
    words = (FILE.parent / "chat-socket.md").read_text()
    assert all(f"`{code}`" in words for code in asyncapi.CLOSE_CODES)


def test_a_frame_that_was_never_promised_is_found():
    with pytest.raises(ValidationError):
        protocol.promised('{"type":"ack","id":"6f1c2b7e-8a55-4c0e-9d7e-0d2f4e3a1b2c","seq":1,"secret":2}')
