"""Buyers' signed dispositions."""

from __future__ import annotations

import json
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carloans.core import signatures
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, NotFound
from leads import selectors, submitting


class DispositionMessage(BaseModel):
    """`{"event_id","lead_id","disposition"}`; anything else in it is let pass and not kept."""

    model_config = ConfigDict(extra="ignore")

    event_id: str = Field(pattern=r"^[\w:.-]{8,100}$")
    lead_id: UUID
    disposition: Literal["contacted", "appointment", "sold", "lost", "rejected", "accepted"]


@csrf_exempt
@require_POST
def buyer_webhook(request: HttpRequest, slug: str) -> JsonResponse:
    """Store a disposition once. 200 also for a lead that this buyer never got: sending it again would not help."""
    now = utc_now()
    header = request.headers.get(signatures.HEADER, "")
    # An unknown buyer has no key, so he looks like one with a wrong key: which buyers there are is nobody's business.
    signatures.verify(header, request.body, secret=selectors.buyer_secret(slug=slug), now=now)
    message = _read(request.body)
    try:
        fresh = submitting.accept_disposition(
            buyer_slug=slug, event_id=message.event_id, lead_id=message.lead_id, word=message.disposition, now=now
        )
    except NotFound:
        fresh = False
    return JsonResponse({"recorded": fresh})


def _read(body: bytes) -> DispositionMessage:
    try:
        return DispositionMessage.model_validate(json.loads(body))
    except (ValueError, ValidationError) as error:
        raise BadInput("The message could not be read.", code="malformed") from error
