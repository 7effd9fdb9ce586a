"""What this room does about news from below: it enqueues a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chat.signals import contact_given
from credit.signals import credit_decided
from leads.signals import submission_due
from visitors.signals import consent_withdrawn, contact_saved, sale_opted_out, visitor_erased


def connect() -> None:
    """Called once when the app is ready."""
    credit_decided.connect(enqueue_packaging, dispatch_uid="leads.enqueue_packaging")
    submission_due.connect(enqueue_delivery, dispatch_uid="leads.enqueue_delivery")
    contact_given.connect(enqueue_review, dispatch_uid="leads.review_contact_given")
    contact_saved.connect(enqueue_review, dispatch_uid="leads.review_contact_saved")
    consent_withdrawn.connect(enqueue_stopping, dispatch_uid="leads.stop_consent_withdrawn")
    sale_opted_out.connect(enqueue_stopping, dispatch_uid="leads.stop_sale_opted_out")
    visitor_erased.connect(enqueue_forgetting, dispatch_uid="leads.enqueue_forgetting")


def enqueue_packaging(sender: object, *, check_id: UUID, **kwargs: Any) -> None:
    from leads.tasks import package_check

    package_check.delay(check_id=str(check_id))


def enqueue_delivery(sender: object, *, submission_id: UUID, **kwargs: Any) -> None:
    from leads.tasks import deliver

    deliver.delay(submission_id=str(submission_id))


def enqueue_review(sender: object, *, visitor_id: UUID, **kwargs: Any) -> None:
    from leads.tasks import review_visitor

    review_visitor.delay(visitor_id=str(visitor_id))


def enqueue_stopping(sender: object, *, visitor_id: UUID, **kwargs: Any) -> None:
    """At once, not only when it is due: what the customer took back is not left standing as if it were on its way."""
    from leads.tasks import stop_visitor

    stop_visitor.delay(visitor_id=str(visitor_id))


def enqueue_forgetting(sender: object, *, visitor_id: UUID, **kwargs: Any) -> None:
    from leads.tasks import forget_visitor

    forget_visitor.delay(visitor_id=str(visitor_id))
