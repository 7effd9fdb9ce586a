"""What the server itself holds against a socket that sends or reads badly, before any consumer sees it.

Daphne takes messages of any length, queues whatever arrives and buffers whatever a client does not read. Here: a
message has a longest length (1009), frames that nobody handled yet have a greatest number (4429), and a client that
does not read what it is sent is closed (4410) before its buffer grows.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, Final

from daphne import ws_protocol
from twisted.internet.defer import Deferred

log = logging.getLogger(__name__)

#: Four of the longest frames that any consumer of ours takes.
MOST_BYTES: Final = 64 * 1024
#: Frames of one socket that wait to be handled.
MOST_WAITING: Final = 256
#: What a socket is sent on top of a full buffer (two pages of the longest messages), and how long that may stay full,
#: before it counts as unread.
MOST_UNREAD: Final = 8 * 1024 * 1024
UNREAD_SECONDS: Final = 20.0
TOO_FAST, NOT_READING = 4429, 4410


class GuardedSocket(ws_protocol.WebSocketProtocol):  # type: ignore[misc]
    """Daphne's socket with these limits. Twisted tells it as a producer when its buffer is full and empty again."""

    maxMessagePayloadSize = MOST_BYTES  # noqa: N815  Autobahn's names
    maxFramePayloadSize = MOST_BYTES  # noqa: N815

    #: A violation is told with its close code, and not by a broken connection.
    failByDrop = False  # noqa: N815

    _unread = 0
    _patience: asyncio.TimerHandle | None = None

    def applicationCreateWorked(self, application_queue: asyncio.Queue[Any]) -> None:  # noqa: N802
        super().applicationCreateWorked(application_queue)
        application = self.server.connections[self]["application_instance"]
        application.add_done_callback(partial(_forget, application_queue))

    def onOpen(self) -> None:  # noqa: N802
        super().onOpen()
        # Until now the HTTP channel of the handshake was told. It keeps the request, which keeps it.
        getattr(self.transport.producer, "requests", []).clear()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self.application_queue.qsize() >= MOST_WAITING:
            self.muted = True
            self.serverClose(TOO_FAST)
            return
        super().onMessage(payload, isBinary)

    def pauseProducing(self) -> None:  # noqa: N802
        """The buffer is full (said again for each write): take nothing more from this client, and give it a while."""
        if self._unread:
            return
        self._unread = 1
        self.transport.pauseProducing()
        if self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(UNREAD_SECONDS, self._give_up)

    def resumeProducing(self) -> None:  # noqa: N802
        """The client has read."""
        self._unread = 0
        self._calm_down()
        self.transport.resumeProducing()

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone."""
        self._calm_down()

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802
        if self.state != self.STATE_OPEN:
            # The client has gone, which its consumer is about to be told; what it is still sent is nobody's mistake.
            return
        if self._unread:
            self._unread += len(content)
            if self._unread > MOST_UNREAD:
                self._give_up()
                return
        super().serverSend(content, binary)

    def onClose(self, *args: Any) -> None:  # noqa: N802
        self._calm_down()
        super().onClose(*args)

    def _closeConnection(self, abort: bool = False) -> None:  # noqa: N802
        """A goodbye that was answered is sent to its end: a reset would take our close code from a client that has not
        read it yet, for instance because it said goodbye at the same moment."""
        super()._closeConnection(abort and not self.wasClean)

    def connectionLost(self, *args: Any) -> None:  # noqa: N802
        super().connectionLost(*args)
        # It was resolved with ourselves: a closed socket would stay until the collector comes by.
        self.is_closed: Deferred[Any] = Deferred()

    def _calm_down(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        """Say why, for a client that still reads, and end it: Autobahn drops one that does not answer in a second."""
        self._calm_down()
        self.muted = True
        # The close handshake needs to hear the client.
        self.transport.resumeProducing()
        self.serverClose(NOT_READING)


def _forget(queue: asyncio.Queue[Any], application: asyncio.Future[Any]) -> None:
    """Drop what nobody will handle any more. A consumer that daphne ended may leave a hundred long frames; with the
    remains of its socket they would stay until the collector comes by, which counts objects and not their size."""
    while not queue.empty():
        queue.get_nowait()


def install() -> None:
    """Make every socket of this process's daphne a guarded one."""
    ws_protocol.WebSocketFactory.protocol = GuardedSocket
