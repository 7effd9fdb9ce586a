"""Checks, instructions and duties in the admin. Score, tier and bureau data are not shown to anybody here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from carloans.core.admin import ReadOnlyAdmin
from credit.models import CreditCheck, CreditConsent, NoticeDuty, ProviderEvent

BUREAU_DATA = ("score", "tier", "bureau")


@admin.register(CreditConsent)
class CreditConsentAdmin(ReadOnlyAdmin):
    list_display = ("given_at", "id", "visitor_id", "text_version", "locale", "expires_at")
    list_filter = ("locale", "text_version", "given_at")
    search_fields = ("=id", "=visitor__id", "=conversation_id", "text_sha256")
    date_hierarchy = "given_at"
    exclude = ("ip",)


@admin.register(CreditCheck)
class CreditCheckAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "id", "state", "status", "outcome", "attempts", "last_error_code", "decided_at")
    list_filter = ("state", "outcome", "status", "last_error_category", "created_at")
    search_fields = ("=id", "=visitor__id", "=application_id", "=conversation_id", "provider_ref")
    date_hierarchy = "created_at"
    exclude = BUREAU_DATA

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditCheck]:
        rows: QuerySet[CreditCheck] = super().get_queryset(request)
        return rows.defer(*BUREAU_DATA)


@admin.register(NoticeDuty)
class NoticeDutyAdmin(ReadOnlyAdmin):
    list_display = ("due_at", "kind", "state", "owner", "escalated", "opened_at", "application_id")
    list_filter = ("state", "kind", "escalated", "owner")
    search_fields = ("=id", "=application_id", "=visitor__id")
    date_hierarchy = "due_at"


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "event_id", "key")
    search_fields = ("event_id", "key")
