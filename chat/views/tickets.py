"""`POST /api/v1/conversations/tickets`: a lender's server asks for the ticket of somebody who is signed in there."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carloans.core import signatures
from carloans.core.clock import utc_now
from chat import services
from chat.frames import BadFrame, FrameTooLong
from chat.limits import MAX_FRAME_BYTES, TICKET_AGE
from visitors import selectors as visitors
from visitors.selectors.sites import api_secret


class Wish(BaseModel):
    """Whose ticket: the application that the platform has sent us under its own id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str = Field(max_length=40)
    external_id: str = Field(min_length=1, max_length=80)


@csrf_exempt
@require_POST
def tickets(request: HttpRequest) -> JsonResponse:
    """201 with `{"ticket", "conversation", "expires_in"}`; signed like `POST /api/v1/applications`."""
    body = request.body
    if len(body) > MAX_FRAME_BYTES:
        raise FrameTooLong
    try:
        wish = Wish.model_validate_json(body)
    except ValidationError as error:
        raise BadFrame from error
    now = utc_now()
    signatures.verify(request.headers.get(signatures.HEADER, ""), body, secret=api_secret(key=wish.site), now=now)
    site = visitors.site_by_key(key=wish.site)
    application = visitors.application_of_platform(site_id=site.id, external_id=wish.external_id)
    opened = services.ticket_for(
        site_id=site.id, visitor_id=application.visitor_id, application_id=application.id, now=now
    )
    answer = {"ticket": opened.ticket, "conversation": str(opened.conversation_id)}
    response = JsonResponse(answer | {"expires_in": int(TICKET_AGE.total_seconds())}, status=201)
    response["Cache-Control"] = "no-store"
    return response
