"""News of this room, sent on commit. Receivers only enqueue a task; a sweep finds the same work again."""

from django.dispatch import Signal

#: A customer gave the written instruction. check_id, visitor_id, application_id, conversation_id (UUID or None), now.
credit_requested = Signal()

#: A check has an outcome. check_id, visitor_id, application_id, conversation_id (UUID or None), now.
credit_decided = Signal()

#: A notice mail waits to be carried. mail_id (UUID), now.
notice_queued = Signal()
