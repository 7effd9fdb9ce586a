"""The admin of this room: contact data masked, what only grows read-only, search by blind index."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from carloans.core import contacts
from carloans.core.admin import ReadOnlyAdmin, Recorded
from carloans.core.clock import utc_now
from carloans.core.privacy.index import blind_index
from carloans.core.privacy.mask import mask_email, mask_name, mask_phone
from visitors import models, services


class MaskedContact:
    """Columns that show contact data as masks."""

    @admin.display(description="e-mail")
    def masked_email(self, row: Any) -> str:
        return mask_email(self._visitor(row).email)

    @admin.display(description="phone")
    def masked_phone(self, row: Any) -> str:
        return mask_phone(self._visitor(row).phone)

    @admin.display(description="name")
    def masked_name(self, row: Any) -> str:
        return mask_name(self._visitor(row).first_name)

    def _visitor(self, row: Any) -> models.Visitor:
        return row if isinstance(row, models.Visitor) else row.visitor


class ContactSearch:
    """Searching for a whole e-mail address or phone number finds it by its blind index; parts find nothing."""

    index_prefix = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        term = search_term.strip()
        phone = contacts.check_phone(term, allow_test_numbers=True).e164 if term else ""
        for column, value in (
            ("email_index", blind_index("email", term)),
            ("phone_index", blind_index("phone", phone)),
        ):
            if value:
                found |= queryset.filter(**{f"{self.index_prefix}{column}": value})
        return found, distinct


@admin.register(models.Site)
class SiteAdmin(Recorded, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "key", "company_name", "abandon_after_seconds", "is_demo", "active")
    list_filter = ("active", "is_demo")
    search_fields = ("name", "key")
    exclude = ("api_secret",)


class ApplicationInline(TabularInline):  # type: ignore[misc]
    model = models.Application
    fields = readonly_fields = ("id", "status", "step_reached", "vehicle", "last_event_at")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Visitor)
class VisitorAdmin(ContactSearch, MaskedContact, ReadOnlyAdmin):
    list_display = (
        "id", "site", "identity", "masked_name", "masked_email", "masked_phone", "state", "gpc", "is_bot",
        "last_seen_at",
    )  # fmt: skip
    list_filter = ("site", "identity", "source", "gpc", "is_bot", "locale")
    list_select_related = ("site",)
    search_fields = ("id__exact",)
    search_help_text = "Id, or a whole e-mail address or phone number"
    fields = (
        "id", "site", "source", "identity", "masked_name", "masked_email", "masked_phone", "locale", "state", "zip3",
        "gpc", "is_bot", "email_holder", "first_seen_at", "last_seen_at", "erased_at",
    )  # fmt: skip
    inlines = (ApplicationInline,)
    date_hierarchy = "first_seen_at"


@admin.register(models.Application)
class ApplicationAdmin(ContactSearch, MaskedContact, ReadOnlyAdmin):
    index_prefix = "visitor__"
    list_display = ("id", "site", "status", "step_reached", "vehicle", "masked_email", "last_event_at", "abandoned_at")
    list_filter = ("status", "site", "step_reached")
    list_select_related = ("site", "visitor")
    search_fields = ("id__exact", "external_id")
    search_help_text = "Id, external id, or a whole e-mail address or phone number"
    date_hierarchy = "created_at"
    fields = (
        "id", "site", "visitor", "external_id", "status", "step_reached", "vehicle", "masked_name", "masked_email",
        "masked_phone", "abandonments", "created_at", "last_event_at", "saved_at", "abandoned_at", "returned_at",
        "submitted_at",
    )  # fmt: skip


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("type", "step", "field", "code", "page", "received_at", "visitor")
    list_filter = ("type", "step", "site")
    search_fields = ("visitor__id__exact", "event_id__exact")
    list_select_related = ("visitor",)
    date_hierarchy = "received_at"


class WithdrawalInline(TabularInline):  # type: ignore[misc]
    model = models.ConsentWithdrawal
    fields = readonly_fields = ("at", "via")
    extra = 0
    can_delete = False


@admin.register(models.Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("kind", "text_version", "act", "given_at", "expires_at", "visitor")
    list_filter = ("kind", "locale", "text_version")
    search_fields = ("id__exact", "visitor__id__exact")
    list_select_related = ("visitor",)
    exclude = ("ip",)
    inlines = (WithdrawalInline,)
    date_hierarchy = "given_at"


@admin.register(models.ConsentWithdrawal)
class ConsentWithdrawalAdmin(ReadOnlyAdmin):
    date_hierarchy = "at"
    list_display = ("at", "consent", "via")
    list_filter = ("via", "at")
    list_select_related = ("consent",)
    search_fields = ("consent__id__exact", "consent__visitor__id__exact")


@admin.register(models.ReturnLink)
class ReturnLinkAdmin(ReadOnlyAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "application", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = ("created_at", "used_at")
    list_select_related = ("application",)
    search_fields = ("id__exact", "application__id__exact", "message_id__exact")
    exclude = ("token_hash",)


@admin.register(models.Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    date_hierarchy = "at"
    list_display = ("application", "attempt", "identity", "stop_reason", "priority", "next_step", "source", "at")
    list_filter = ("source", "identity", "priority", "stop_reason")
    list_select_related = ("application",)
    search_fields = ("application__id__exact",)


@admin.register(models.PrivacyLink)
class PrivacyLinkAdmin(ReadOnlyAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "visitor", "origin", "created_at", "expires_at", "revoked_at")
    list_filter = ("origin", "created_at", "revoked_at")
    list_select_related = ("visitor",)
    search_fields = ("id__exact", "visitor__id__exact", "source_id__exact")
    exclude = ("token_hash",)


@admin.register(models.PrivacyProof)
class PrivacyProofAdmin(ReadOnlyAdmin):
    date_hierarchy = "created_at"
    list_display = ("id", "link", "created_at", "expires_at", "used_at")
    list_filter = ("created_at", "used_at")
    list_select_related = ("link",)
    search_fields = ("id__exact", "link__id__exact", "message_id__exact")
    exclude = ("token_hash",)


@admin.register(models.SaleOptOut)
class SaleOptOutAdmin(ReadOnlyAdmin):
    date_hierarchy = "at"
    list_display = ("at", "visitor", "via")
    list_filter = ("via", "at")
    list_select_related = ("visitor",)
    search_fields = ("visitor__id__exact",)
    exclude = ("email_index",)


@admin.register(models.PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    """What customers asked our team to do with their data; done, it is settled by the action."""

    date_hierarchy = "requested_at"
    list_display = ("kind", "visitor", "requested_at", "due_at", "settled_at")
    list_filter = ("kind", "settled_at", "due_at")
    list_select_related = ("visitor",)
    search_fields = ("id__exact", "visitor__id__exact")
    actions = ("settle",)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("dashboard.handle_data_rights")

    @admin.action(description="Mark as done", permissions=["settle"])
    def settle(self, request: HttpRequest, rows: QuerySet[models.PrivacyRequest]) -> None:
        now, staff_id = utc_now(), int(request.user.pk or 0)
        for request_id in rows.values_list("pk", flat=True):
            services.settle_privacy_request(request_id=request_id, staff_id=staff_id, now=now)
