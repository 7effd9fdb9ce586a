"""Checks, instructions and duties in the admin. Score, tier and bureau data are not shown to anybody here."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from carloans.core.admin import ReadOnlyAdmin
from carloans.core.clock import utc_now
from credit import notices
from credit.models import (
    CreditCheck,
    CreditConsent,
    NoticeDuty,
    NoticeMail,
    NoticePolicy,
    NoticeProof,
    ProviderEvent,
)

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


@admin.register(NoticePolicy)
class NoticePolicyAdmin(ModelAdmin):  # type: ignore[misc]
    """What counts as an application on a site. A change is written to the audit trail."""

    list_display = ("site", "imports_count", "saved_forms_count", "days_to_complete", "owner")
    list_select_related = ("site", "owner")
    search_fields = ("site__key", "site__name")

    def save_model(self, request: HttpRequest, obj: NoticePolicy, form: ModelForm[NoticePolicy], change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            notices.record_policy(policy=obj, staff_id=int(request.user.pk or 0), now=utc_now())

    def has_delete_permission(self, request: HttpRequest, obj: NoticePolicy | None = None) -> bool:
        return False


@admin.register(NoticeDuty)
class NoticeDutyAdmin(ReadOnlyAdmin):
    list_display = ("due_at", "kind", "state", "owner", "escalated", "opened_at", "application_id")
    list_filter = ("state", "kind", "escalated", "owner")
    list_select_related = ("owner",)
    search_fields = ("=id", "=application_id", "=visitor__id")
    date_hierarchy = "due_at"


@admin.register(NoticeMail)
class NoticeMailAdmin(ReadOnlyAdmin):
    """How a notice stands; its text is not shown to anybody here."""

    list_display = ("created_at", "duty_id", "state", "locale", "attempts", "sent_at", "delivered_at", "bounced_at")
    list_filter = ("state", "locale", "last_error_category", "created_at")
    search_fields = ("=id", "=duty__id", "provider_message_id", "text_sha256")
    date_hierarchy = "created_at"
    exclude = ("text", "to_index")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoticeMail]:
        rows: QuerySet[NoticeMail] = super().get_queryset(request)
        return rows.defer("text")


@admin.register(NoticeProof)
class NoticeProofAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "duty_id", "method", "sent_on", "staff", "text_sha256")
    list_filter = ("method", "sent_on")
    list_select_related = ("staff",)
    search_fields = ("=id", "=duty__id", "text_sha256", "reference")
    date_hierarchy = "recorded_at"


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "event_id", "key")
    search_fields = ("event_id", "key")
