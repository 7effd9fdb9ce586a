"""News of this room, sent on commit. Receivers only enqueue a task; a sweep finds the same work again."""

from django.dispatch import Signal

#: A submission may leave now. submission_id, lead_id (UUID), now.
submission_due = Signal()
