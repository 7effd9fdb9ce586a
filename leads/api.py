"""Leads for staff: a list, one lead, and the export. Contact is masked except in the export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from carloans.core import audit
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, NotFound
from leads import export, selectors
from leads.export import FORMATS, Wanted, chunks
from leads.models import LEAD_LIFE, Lead


class MayViewLeads(BasePermission):
    """Staff with the permission to view leads."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_staff and request.user.has_perm("leads.view_lead"))


class MayExportLeads(BasePermission):
    """Staff with the permission to take contact data out, whose second factor (if one is needed) was shown lately."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        fresh = getattr(request, "second_factor_is_fresh", False)
        return bool(fresh and request.user and request.user.is_staff and request.user.has_perm("leads.export_lead"))


class LeadRow(serializers.Serializer[dict[str, Any]]):
    """A lead as lists show it; name, e-mail and telephone are masked."""

    id = serializers.UUIDField()
    visitor_id = serializers.UUIDField()
    application_id = serializers.UUIDField(allow_null=True)
    conversation_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    vehicle = serializers.CharField()
    credit = serializers.CharField()
    status = serializers.ChoiceField(choices=LEAD_LIFE.choices)
    reason = serializers.CharField()
    priority = serializers.ChoiceField(choices=Lead.Priority.choices)
    completeness = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]  # a field of ours that has a base attribute's name
    buyer = serializers.CharField()
    buyer_ref = serializers.CharField()
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)


class AttemptRow(serializers.Serializer[dict[str, Any]]):
    at = serializers.DateTimeField()
    act = serializers.CharField()
    number = serializers.IntegerField()
    result = serializers.CharField()
    http_status = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    ms = serializers.IntegerField()


class DispositionRow(serializers.Serializer[dict[str, Any]]):
    at = serializers.DateTimeField()
    word = serializers.CharField()


class SubmissionRow(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    buyer = serializers.CharField()
    format = serializers.CharField()
    state = serializers.CharField()
    result = serializers.CharField()
    buyer_ref = serializers.CharField()
    reason = serializers.CharField()
    consent_id = serializers.UUIDField()
    due_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    attempts = AttemptRow(many=True)
    dispositions = DispositionRow(many=True)


class LeadDetailRow(LeadRow):
    """One lead with its words and every attempt to hand it over."""

    summary = serializers.CharField()
    summary_source = serializers.CharField()
    highlights = serializers.ListField(child=serializers.CharField())
    step_reached = serializers.IntegerField(allow_null=True)
    loan_amount_cents = serializers.IntegerField(allow_null=True)
    consent = serializers.DictField(child=serializers.CharField())
    submissions = SubmissionRow(many=True)


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


_STATUS = OpenApiParameter("status", OpenApiTypes.STR, enum=LEAD_LIFE.states)
_SINCE = OpenApiParameter("since", OpenApiTypes.DATETIME, description="Made at or after this moment")


class LeadList(ListAPIView[Any]):
    """Leads, newest first."""

    permission_classes = [MayViewLeads]
    pagination_class = NewestFirst
    serializer_class = LeadRow

    def get_queryset(self) -> Any:
        wanted = read_wanted(self.request.query_params)
        rows = selectors.for_reading()
        rows = rows.filter(status=wanted.status) if wanted.status else rows
        return rows.filter(created_at__gte=wanted.since) if wanted.since else rows

    @extend_schema(parameters=[_STATUS, _SINCE])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        rows: Any = [selectors.row(lead) for lead in page]
        return self.get_paginated_response(LeadRow(instance=rows, many=True).data)


class LeadDetail(APIView):
    """One lead."""

    permission_classes = [MayViewLeads]

    @extend_schema(responses=LeadDetailRow)
    def get(self, request: Request, lead_id: UUID) -> Response:
        found = selectors.detail(lead_id=lead_id)
        if found is None:
            raise NotFound
        return Response(LeadDetailRow(found).data)


class LeadExport(APIView):
    """All leads with contact data, streamed; each export is on the audit trail."""

    permission_classes = [MayExportLeads]

    @extend_schema(
        parameters=[OpenApiParameter("format", OpenApiTypes.STR, enum=sorted(FORMATS)), _STATUS, _SINCE],
        responses={(200, kind): OpenApiTypes.STR for kind in FORMATS.values()},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        kind = request.query_params.get("format", "csv")
        if kind not in FORMATS:
            raise BadInput("The format must be csv, json or jsonl.", code="unknown_format")
        wanted = read_wanted(request.query_params)
        audit.record(
            action="lead.exported",
            actor=f"staff:{request.user.pk}",
            subject="leads:all",
            now=utc_now(),
            facts={"format": kind, **wanted.facts(), "rows": export.count(wanted), "via": "api"},
        )
        response = StreamingHttpResponse(_stream(kind, wanted), content_type=FORMATS[kind])
        response["Content-Disposition"] = f'attachment; filename="leads.{kind}"'
        response["Cache-Control"] = "no-store"
        return response

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """`format` names our own formats here and not a renderer of the framework."""
        return (self.get_renderers()[0], self.get_renderers()[0].media_type)


async def _stream(kind: str, wanted: Wanted) -> AsyncIterator[str]:
    """One page of rows at a time from the thread that owns the database connection."""
    source = chunks(kind, wanted)
    advance = sync_to_async(_advance, thread_sensitive=True)
    while (chunk := await advance(source)) is not None:
        yield chunk


def _advance(source: Iterator[str]) -> str | None:
    return next(source, None)


def read_wanted(query: Any) -> Wanted:
    """The filters of a query string. Raises BadInput for an unknown status or a moment that is none."""
    status = query.get("status", "")
    if status and status not in LEAD_LIFE.states:
        raise BadInput("There is no such status.", code="unknown_status")
    if not query.get("since"):
        return Wanted(status)
    try:
        since = serializers.DateTimeField(default_timezone=UTC).to_internal_value(query["since"])
    except serializers.ValidationError as error:
        raise BadInput("`since` must be a time in ISO 8601.", code="bad_since") from error
    return Wanted(status, since)
