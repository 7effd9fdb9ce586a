"""News of this room, sent on commit. Receivers only enqueue a task; a sweep finds the same work again."""

from django.dispatch import Signal

#: A conversation went to the queue of people. conversation_id, visitor_id (UUID), reason (code), now.
handed_off = Signal()

#: A customer left contact data in the chat. conversation_id, visitor_id, application_id (UUID or None), now.
contact_given = Signal()
