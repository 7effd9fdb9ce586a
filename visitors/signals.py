"""News from this room, in the past tense. Sent after the commit; receivers only enqueue a task.

Each has a sweep behind it, so a signal that is lost delays and never loses:

- `visitor_abandoned(application_id, visitor_id, now)`: an abandonment was judged (`selectors.judged_abandonments`).
- `visitor_returned(application_id, visitor_id, now, via)`: via "link", "browser" or "chat".
- `contact_saved(visitor_id, application_id, now)`: new contact details; `application_id` may be None.
- `application_submitted(application_id, visitor_id, now)`.
- `return_link_requested(link_id, application_id, visitor_id, now)`: an old link's owner asks for a fresh one by mail
  (`selectors.fresh_links_wanted`).
- `return_link_used(link_id, message_id, application_id, visitor_id, now)`: somebody came back by a mail's link
  (`selectors.links_used`).
- `consent_withdrawn(visitor_id, kind, now)`.
- `visitor_erased(visitor_id, email_index, now)`.
- `privacy_proof_requested(link_id, visitor_id, requested_at, now)`: somebody on their privacy page asks for the mail
  that proves the address (`selectors.proofs_wanted`).
- `sale_opted_out(visitor_id, now)`: nothing of this person may be sold or shared any more (asked again before each
  submission).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import Signal

visitor_abandoned = Signal()
visitor_returned = Signal()
contact_saved = Signal()
application_submitted = Signal()
return_link_requested = Signal()
return_link_used = Signal()
consent_withdrawn = Signal()
visitor_erased = Signal()
privacy_proof_requested = Signal()
sale_opted_out = Signal()


def after_commit(signal: Signal, **facts: Any) -> None:
    """Send `signal` once the caller's transaction stands; a receiver's failure is logged and left to its sweep."""
    # No partial: Django asks a hook that fails for its name, which a partial has not.
    transaction.on_commit(lambda: signal.send(sender=None, **facts), robust=True)
