"""What the server holds against a socket, as far as no client is needed; `chat.tests.test_daphne` has the rest."""

from __future__ import annotations

from carloans.core.sockets import GuardedSocket


def test_what_is_sent_to_a_client_that_has_gone_is_no_error() -> None:
    socket = GuardedSocket()
    for state in (GuardedSocket.STATE_CLOSING, GuardedSocket.STATE_CLOSED):
        socket.state = state
        socket.serverSend("late")
