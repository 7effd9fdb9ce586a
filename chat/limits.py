"""The numbers that bound a conversation, in one place, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

#: A frame of the socket and a body of the HTTP fallback, in bytes.
MAX_FRAME_BYTES: Final = 16 * 1024
#: A customer's message, in characters (code points).
MAX_TEXT: Final = 4_000

#: The sixth message within two seconds waits; nobody types that fast.
BURST_MESSAGES: Final = 5
BURST_WINDOW: Final = timedelta(seconds=2)
#: What is written within that time lies among so many of the newest messages, also with a reply and a notice to each.
BURST_AMONG: Final = 40
#: Frames of any kind per socket and window; beyond it the socket closes with 4429.
MAX_FRAMES: Final = 120
FRAME_WINDOW_SECONDS: Final = 5.0

#: Tabs of one visitor at once, and what one visitor writes within a minute, over all conversations of a web process.
SOCKETS_PER_VISITOR: Final = 20
MESSAGES_PER_VISITOR: Final = 90

#: A turn whose customer has left goes on for this long; then a worker takes it up again, without a reader.
LEFT_SECONDS: Final = 8.0

#: A socket that never says hello, and one that says nothing more, closes with 4408.
HELLO_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 900.0

#: A customer's "typing" is passed on to staff at most so often.
TYPING_EVERY_SECONDS: Final = 3.0

#: A page of staff says every 15 seconds that it is open; after three missed words nobody is taken to look any more.
VIEWS_FOR: Final = timedelta(seconds=45)
#: Whoever of the staff types says so again while they do.
TYPES_FOR: Final = timedelta(seconds=8)

#: Customers who wait are told of a new place in the queue at most so often: nobody wants each step of a rush.
PLACE_EVERY_SECONDS: Final = 3.0

#: A ticket outlives a night and a weekend, not a shared computer's next owner; each `ready` brings a fresh one.
TICKET_AGE: Final = timedelta(days=7)

#: A turn's lease; the process that runs it renews it, so a killed one is noticed within this time.
TURN_LEASE: Final = timedelta(seconds=10)
TURN_RENEW_SECONDS: Final = 2.5
#: From the claim to the stored reply. The engine's own time-outs lie below it.
TURN_SECONDS: Final = 25.0
#: A turn that keeps dying goes to a person.
TURN_ATTEMPTS: Final = 3
#: A turn that nobody began (its process died between storing and starting) is found by the sweep after this time.
TURN_GRACE: Final = timedelta(seconds=3)
#: Replies of Cathy to one conversation within a day; a spent budget goes to a person.
DAILY_REPLIES: Final = 200
#: Items of the model's memory that a turn is given.
HISTORY_ITEMS: Final = 60

#: Some states want the disclosure repeated: every 20 replies, and after a day.
DISCLOSE_EVERY: Final = 20
DISCLOSE_AFTER: Final = timedelta(hours=24)
#: Two misses in a row bring a person in.
MISSES: Final = 2

#: A conversation in which nothing happened for this long is closed; the customer's next word opens it again.
IDLE_CLOSE: Final = timedelta(days=2)
#: The longest that a request of the HTTP fallback waits for news.
LONG_POLL_SECONDS: Final = 25.0
#: Messages of a history that one `ready` or one answer of the HTTP fallback carries.
PAGE: Final = 200
