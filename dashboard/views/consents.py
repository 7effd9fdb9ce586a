"""One consent as a document to download or print; each look is in the audit trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from carloans.core import audit
from carloans.core.clock import utc_now
from dashboard.views.guards import needs
from visitors import consent_documents
from visitors.errors import UnknownConsent


def _document(request: HttpRequest, consent_id: UUID, form: str) -> dict[str, Any]:
    now = utc_now()
    try:
        found = consent_documents.document(consent_id=consent_id, now=now)
    except UnknownConsent as error:
        raise Http404 from error
    audit.record(
        action="consent.exported",
        actor=f"staff:{request.user.pk}",
        subject=f"consent:{consent_id}",
        now=now,
        facts={"format": form, "via": "room"},
    )
    return found


@needs("view_audit")
@require_GET
def consent_json(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The document as JSON, to keep."""
    answer = JsonResponse(_document(request, consent_id, "json"), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="consent-{consent_id}.json"'
    return answer


@needs("view_audit")
@require_GET
def consent_html(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The document as a page to print, under a policy of its own: its one style and nothing else."""
    answer = HttpResponse(consent_documents.as_html(_document(request, consent_id, "html")))
    answer["Content-Security-Policy"] = consent_documents.POLICY
    return answer
