"""Conversations in the admin: to read, with placeholders where customers wrote contact data."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from carloans.core.admin import ReadOnlyAdmin
from chat.models import Conversation, Message, SessionItem


class MessageInline(TabularInline):  # type: ignore[misc]
    model = Message
    fields = ("seq", "at", "role", "text", "card_kind", "card_state", "reply_ms")
    readonly_fields = fields
    ordering = ("seq",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("Card"))
    def card_kind(self, row: Message) -> str:
        return str((row.card or {}).get("kind", ""))


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("last_at", "id", "owner", "staff", "note", "locale", "last_seq", "replies", "is_waiting")
    list_filter = ("owner", "locale", "site", "rehearsal", "last_at")
    search_fields = ("=id", "=visitor__id", "=application_id", "note")
    date_hierarchy = "last_at"
    inlines = (MessageInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.select_related("staff", "site")

    @admin.display(boolean=True, description=_("Waits for an answer"))
    def is_waiting(self, row: Conversation) -> bool:
        return row.owner in {"ai", "queue"} and row.asked_seq > row.answered_seq


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("at", "conversation_id", "seq", "role", "text", "card_state", "reply_ms", "first_text_ms")
    list_filter = ("role", "card_state", "at")
    search_fields = ("=conversation__id", "=run_id", "text")
    date_hierarchy = "at"
    list_select_related = ("conversation",)


@admin.register(SessionItem)
class SessionItemAdmin(ReadOnlyAdmin):
    list_display = ("conversation_id", "seq", "data")
    search_fields = ("=conversation__id",)
