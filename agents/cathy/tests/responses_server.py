"""A small real HTTP server that speaks the Responses API, streamed and not, with faults on demand.

    with ResponsesServer([Words("Hello there."), Status(500)]) as server:
        ... settings.OPENAI_BASE_URL = server.url ...
        server.bodies  # what was asked, in order

Each request takes the next step; the last one repeats.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Words:
    """A spoken answer, sent word by word."""

    text: str


@dataclass(frozen=True)
class ToolUse:
    """A tool call, with words before it."""

    name: str
    arguments: dict[str, Any]
    call_id: str = "call_1"
    text: str = ""


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drop:
    """Some words, then the connection is reset."""

    text: str


@dataclass(frozen=True)
class Silence:
    """No answer until the other side hangs up; `heard` is called as soon as the request has come."""

    heard: Callable[[], None]


@dataclass(frozen=True)
class Garbage:
    """A 200 that is no answer."""


@dataclass(frozen=True)
class Pieces:
    """A spoken answer in deltas that are cut just so; some may be empty."""

    deltas: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.deltas)


@dataclass(frozen=True)
class Items:
    """An answer of any items at all, said to be finished; `deltas` are (output index, text) sent before them."""

    output: tuple[dict[str, Any], ...]
    deltas: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Endless:
    """The same words again and again, until the other side hangs up."""

    text: str


Step = Words | ToolUse | Status | Drop | Silence | Garbage | Pieces | Items | Endless


class ResponsesServer:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        server = self

        class Handler(_Handler):
            home = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> ResponsesServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def take(self, path: str, body: dict[str, Any]) -> Step:
        with self._lock:
            self.paths.append(path)
            self.bodies.append(body)
            return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    home: ResponsesServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        step = self.home.take(self.path, body)
        if isinstance(step, Status):
            self._plain(step.code, {"error": {"message": "no", "type": "x", "code": None}}, step.headers)
        elif isinstance(step, Silence):
            step.heard()
            self._wait_for_the_end()
        elif body.get("stream"):
            self._stream(step)
        else:
            self._plain(200, _response(_output(step)) if not isinstance(step, Garbage) else "no", {})

    def _wait_for_the_end(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.settimeout(60)
            self.connection.recv(1)

    def _plain(self, code: int, body: Any, headers: dict[str, str]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _stream(self, step: Step) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number, event in enumerate(_events(step)):
            line = f"event: {event['type']}\ndata: {json.dumps({**event, 'sequence_number': number})}\n\n"
            try:
                self.wfile.write(line.encode())
                self.wfile.flush()
            except OSError:
                break  # The other side has hung up.
        if isinstance(step, Drop):
            # Linger zero turns the close into a reset, as a dying peer's would be.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        self.close_connection = True


def _output(step: Step) -> list[dict[str, Any]]:
    if isinstance(step, Items):
        return list(step.output)
    items: list[dict[str, Any]] = []
    text = getattr(step, "text", "")
    if text:
        part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
        items.append({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]})
    if isinstance(step, ToolUse):
        items.append(
            {
                "type": "function_call",
                "id": f"fc_{step.call_id}",
                "call_id": step.call_id,
                "name": step.name,
                "arguments": json.dumps(step.arguments),
                "status": "completed",
            }
        )
    return items


def _response(output: list[dict[str, Any]], status: str = "completed") -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "wire",
        "status": status,
        "output": output,
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "usage": {
            "input_tokens": 11,
            "output_tokens": 7,
            "total_tokens": 18,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def _events(step: Step) -> Iterator[dict[str, Any]]:
    yield {"type": "response.created", "response": _response([], "in_progress")}
    if isinstance(step, Garbage):
        return
    if isinstance(step, Endless):
        yield from _forever(step.text)
    if isinstance(step, Items):
        yield from (_delta(text, {"item_id": "x", "output_index": index}) for index, text in step.deltas)
    for index, item in enumerate(_output(step)):
        events = _item_events(item, index, _cuts(step, item))
        yield from itertools.takewhile(_is_begun, events) if isinstance(step, Drop) else events
    if not isinstance(step, Drop):
        yield {"type": "response.completed", "response": _response(_output(step))}


def _is_begun(event: dict[str, Any]) -> bool:
    return event["type"] in {"response.output_item.added", "response.output_text.delta"}


def _forever(text: str) -> Iterator[dict[str, Any]]:
    while True:
        yield _delta(text, {"item_id": "x", "output_index": 0})


def _cuts(step: Step, item: dict[str, Any]) -> Sequence[str]:
    """The deltas of a message: word by word, unless the step says how."""
    if item["type"] != "message" or isinstance(step, Items):
        return ()
    text: str = item["content"][0]["text"]
    return step.deltas if isinstance(step, Pieces) else text.replace(" ", " \n").split("\n")


def _delta(text: str, place: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "delta": text, "content_index": 0, "logprobs": [], **place}


def _item_events(item: dict[str, Any], index: int, deltas: Sequence[str]) -> Iterator[dict[str, Any]]:
    place = {"item_id": item.get("id", ""), "output_index": index}
    yield {"type": "response.output_item.added", "item": item, "output_index": index}
    if item["type"] == "function_call":
        yield {"type": "response.function_call_arguments.delta", "delta": item["arguments"], **place}
    yield from (_delta(text, place) for text in deltas)
    if deltas:
        text = "".join(deltas)
        yield {"type": "response.output_text.done", "text": text, "content_index": 0, "logprobs": [], **place}
        yield {"type": "response.content_part.done", "part": item["content"][0], "content_index": 0, **place}
    yield {"type": "response.output_item.done", "item": item, "output_index": index}
