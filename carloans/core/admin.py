"""The core's tables in the admin: the audit trail and the feed are read-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from carloans.core.models import (
    AuditEntry,
    AuditSeal,
    AuditSealMember,
    ErrorRecord,
    FeedEvent,
    Heartbeat,
    Switch,
    VaultValue,
)


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]
    """A list to read, newest first where it has dates: nothing can be added, changed or deleted."""

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:
        newest_first = (f"-{self.date_hierarchy}",) if self.date_hierarchy else ()
        return self.ordering or newest_first

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "actor", "subject")
    list_filter = ("action", "at")
    search_fields = ("subject", "actor", "action", "uuid")
    date_hierarchy = "at"


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    list_display = ("number", "size", "sealed_at", "root")
    list_filter = ("sealed_at",)
    search_fields = ("=number", "root")


@admin.register(AuditSealMember)
class AuditSealMemberAdmin(ReadOnlyAdmin):
    list_display = ("seal", "position", "entry", "digest")
    list_select_related = ("seal", "entry")
    search_fields = ("=entry__uuid", "=seal__number", "digest")


@admin.register(FeedEvent)
class FeedEventAdmin(ReadOnlyAdmin):
    date_hierarchy = "at"
    list_display = ("at", "kind", "room", "severity", "summary")
    list_filter = ("room", "severity", "kind")
    search_fields = ("summary", "kind", "visitor", "conversation", "lead")


@admin.register(ErrorRecord)
class ErrorRecordAdmin(ReadOnlyAdmin):
    date_hierarchy = "at"
    list_display = ("at", "category", "code", "where", "provider")
    list_filter = ("category", "provider", "where")
    search_fields = ("code", "where")


@admin.register(Switch)
class SwitchAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "scope", "on", "reason", "changed_at")
    list_filter = ("name", "on")
    search_fields = ("scope", "reason")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("process", "at")
    search_fields = ("process",)


@admin.register(VaultValue)
class VaultValueAdmin(ReadOnlyAdmin):
    """Which placeholders a conversation has; what they stand for is not shown to anybody here."""

    date_hierarchy = "created_at"
    list_display = ("created_at", "label", "kind", "owner")
    list_filter = ("kind", "created_at")
    search_fields = ("=owner", "label")
    exclude = ("value", "value_index")
