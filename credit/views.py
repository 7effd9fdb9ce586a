"""The provider's signed result messages."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carloans.core import signatures
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, ExternalApiError, NotFound
from credit import flexpath, services

logger = logging.getLogger(__name__)


class ResultMessage(BaseModel):
    """`{"event_id","key","result":{…}}`; the result has the shape of the answer to a request."""

    model_config = ConfigDict(extra="ignore")

    event_id: str = Field(min_length=8, max_length=100)
    key: str = Field(min_length=8, max_length=100)
    result: dict[str, Any]


@csrf_exempt
@require_POST
def flexpath_webhook(request: HttpRequest) -> JsonResponse:
    """Store a result once. 200 also for what we know already or never asked for: sending it again would not help."""
    now = utc_now()
    signatures.verify(
        request.headers.get(signatures.HEADER, ""), request.body, secret=flexpath.webhook_secret(), now=now
    )
    message = _read(request.body)
    try:
        decided = services.accept_event(event_id=message.event_id, key=message.key, document=message.result, now=now)
    except NotFound:
        logger.warning("FlexPath sent a result for a key that is not ours.")
        decided = False
    except ExternalApiError as error:
        raise BadInput("The result could not be read.", code=error.code) from error
    return JsonResponse({"decided": decided})


def _read(body: bytes) -> ResultMessage:
    try:
        return ResultMessage.model_validate(json.loads(body))
    except (ValueError, ValidationError) as error:
        raise BadInput("The message could not be read.", code="malformed") from error
