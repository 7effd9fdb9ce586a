"""Conversations in the admin: to read, with placeholders where customers wrote contact data."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from carloans.core.admin import ReadOnlyAdmin, Recorded
from chat import staff_words
from chat.models import (
    CannedReply,
    Closure,
    Conversation,
    ConversationTag,
    Desk,
    HandOff,
    Message,
    Opening,
    Rating,
    ServiceHours,
    SessionItem,
    StaffNote,
    Viewing,
)


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


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ("at", "conversation_id", "score")
    list_filter = ("score", "at")
    search_fields = ("=conversation__id",)
    date_hierarchy = "at"


@admin.register(SessionItem)
class SessionItemAdmin(ReadOnlyAdmin):
    list_display = ("conversation_id", "seq", "data")
    search_fields = ("=conversation__id",)


@admin.register(HandOff)
class HandOffAdmin(ReadOnlyAdmin):
    list_display = ("at", "conversation_id", "reason", "staff", "claimed_at", "ended", "ended_at", "source")
    list_filter = ("ended", "source", "at")
    list_select_related = ("staff",)
    search_fields = ("=conversation__id", "reason")
    date_hierarchy = "at"


@admin.register(StaffNote)
class StaffNoteAdmin(ReadOnlyAdmin):
    list_display = ("at", "conversation_id", "staff")
    list_select_related = ("staff",)
    search_fields = ("=conversation__id",)
    date_hierarchy = "at"


@admin.register(ConversationTag)
class ConversationTagAdmin(ReadOnlyAdmin):
    list_display = ("name", "conversation_id", "staff", "at")
    list_select_related = ("staff",)
    search_fields = ("name", "=conversation__id")
    date_hierarchy = "at"


@admin.register(Desk)
class DeskAdmin(ReadOnlyAdmin):
    list_display = ("staff", "takes", "away_until", "seen_at")
    list_select_related = ("staff",)
    search_fields = ("=staff__username",)


@admin.register(Viewing)
class ViewingAdmin(ReadOnlyAdmin):
    list_display = ("conversation_id", "staff", "seen_at")
    list_select_related = ("staff",)
    search_fields = ("=conversation__id",)


class CannedReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Both texts pass the rules that hold for everything that customers read."""

    class Meta:
        model = CannedReply
        fields = ("key", "title", "text_en", "text_es", "active")

    def clean_text_en(self) -> str:
        return self._allowed("text_en")

    def clean_text_es(self) -> str:
        return self._allowed("text_es")

    def _allowed(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        if found := staff_words.judge(text):
            raise ValidationError([f"{one.rule.replace('_', ' ')}: {one.excerpt}" for one in found])
        if unknown := staff_words.unknown_names(text):
            raise ValidationError(_("Nobody fills in {%(name)s}."), params={"name": unknown[0]})
        return text


@admin.register(CannedReply)
class CannedReplyAdmin(Recorded, ModelAdmin):  # type: ignore[misc]
    form = CannedReplyForm
    list_display = ("key", "title", "active")
    list_filter = ("active",)
    search_fields = ("key", "title", "text_en", "text_es")


class OpeningInline(TabularInline):  # type: ignore[misc]
    model = Opening
    extra = 0


class ClosureInline(TabularInline):  # type: ignore[misc]
    model = Closure
    extra = 0


@admin.register(ServiceHours)
class ServiceHoursAdmin(Recorded, ModelAdmin):  # type: ignore[misc]
    """Business hours of a site: what customers are promised follows from them."""

    list_display = ("site", "time_zone")
    list_select_related = ("site",)
    search_fields = ("site__key", "site__name")
    inlines = (OpeningInline, ClosureInline)
