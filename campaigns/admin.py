"""The mail room's tables in the admin. What was sent and who is suppressed is to be read; the plan can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from campaigns import selectors
from campaigns.models import Campaign, Enrollment, Message, MessageEvent, Pace, Step, Suppression, WebhookToken
from carloans.core.admin import ReadOnlyAdmin, Recorded
from carloans.core.privacy.index import blind_index


class AddressSearch:
    """Lets an address be searched for: the term itself is never compared with a column, its blind index is."""

    index_field = "to_index"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "@" in search_term:
            return queryset.filter(**{self.index_field: blind_index("email", search_term)}), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(  # type: ignore[misc]
            request, queryset, search_term
        )
        return found


class StepInline(TabularInline):  # type: ignore[misc]
    model = Step
    extra = 0


@admin.register(Campaign)
class CampaignAdmin(Recorded, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "slug", "active", "steps_planned")
    list_filter = ("active",)
    search_fields = ("name", "slug")
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        rows: QuerySet[Campaign] = super().get_queryset(request)
        return rows.annotate(planned=Count("steps"))

    @admin.display(description=_("steps"))
    def steps_planned(self, campaign: Any) -> int:
        return int(campaign.planned)


@admin.register(Step)
class StepAdmin(Recorded, ModelAdmin):  # type: ignore[misc]
    list_display = ("campaign", "order", "delay_minutes", "purpose")
    list_filter = ("campaign",)
    list_select_related = ("campaign",)
    search_fields = ("purpose", "campaign__name")


class MessageInline(TabularInline):  # type: ignore[misc]
    model = Message
    fields = readonly_fields = ("kind", "step", "state", "subject", "source", "sent_at", "delivered_at", "clicked_at")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "id", "state", "stop_reason", "abandoned_at", "next_step_at", "stopped_at")
    list_filter = ("state", "stop_reason", "campaign", "created_at")
    search_fields = ("=id", "=application__id", "=visitor__id")
    date_hierarchy = "created_at"
    inlines = (MessageInline,)


class EventInline(TabularInline):  # type: ignore[misc]
    model = MessageEvent
    fields = readonly_fields = ("at", "type", "severity", "event_id")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(AddressSearch, ReadOnlyAdmin):
    list_display = ("created_at", "address", "subject", "kind", "state", "status", "attempts", "due_at", "sent_at")
    list_filter = ("state", "kind", "source", "failure", "locale", "last_error_category", "created_at")
    search_fields = (
        "=id", "=enrollment__application__id", "=enrollment__visitor__id", "=visitor__id", "provider_message_id",
    )  # fmt: skip
    date_hierarchy = "created_at"
    exclude = ("to_index",)
    list_select_related = ("enrollment__visitor", "visitor")
    list_per_page = 50
    inlines = (EventInline,)

    @admin.display(description=_("to"))
    def address(self, message: Message) -> str:
        return selectors.masked_address(message)

    @admin.display(description=_("status"))
    def status(self, message: Message) -> str:
        return selectors.status_of(message)


@admin.register(MessageEvent)
class MessageEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "type", "severity", "message_id", "event_id")
    list_filter = ("type", "severity", "at")
    search_fields = ("event_id", "=message__id")
    date_hierarchy = "at"


@admin.register(Suppression)
class SuppressionAdmin(AddressSearch, ReadOnlyAdmin):
    index_field = "email_index"
    list_display = ("at", "reason", "source")
    list_filter = ("reason", "source", "at")
    search_fields = ("email_index",)
    date_hierarchy = "at"


@admin.register(Pace)
class PaceAdmin(ReadOnlyAdmin):
    list_display = ("at", "message")
    search_fields = ("=message",)


@admin.register(WebhookToken)
class WebhookTokenAdmin(ReadOnlyAdmin):
    list_display = ("seen_at", "event_id")
    search_fields = ("event_id",)
