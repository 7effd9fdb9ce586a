"""News of this room, sent on commit. Receivers only enqueue."""

from django.dispatch import Signal

#: kwargs: message_id, application_id, visitor_id (UUID), now. The provider has accepted the mail.
message_sent = Signal()
#: kwargs: visitor_ids (list of UUID; empty when nobody on file has the address), reason, now.
address_suppressed = Signal()
