"""The core's tables in the admin: the audit trail and the feed are read-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from carloans.core import audit, holding
from carloans.core.clock import utc_now
from carloans.core.models import (
    AuditEntry,
    AuditSeal,
    AuditSealMember,
    Erasure,
    ErasureKey,
    ErrorRecord,
    FeedEvent,
    Heartbeat,
    LegalHold,
    PurgeRun,
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


class Recorded:
    """Before an admin class: what it adds, changes or deletes is in the trail, inlines and bulk actions too.

    Entries are "<model>.added", ".changed" and ".deleted" with the names of the fields, never what they hold.
    """

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _record_edit(request, obj, "added", message)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _record_edit(request, obj, "changed", message)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            _record_edit(request, obj, "deleted", ())
        return super().log_deletions(request, queryset)  # type: ignore[misc]


def _record_edit(request: HttpRequest, obj: Model, what: str, message: Any) -> None:
    """Django tells a change as [{"changed": {"fields": […]}}, {"added": {"name": <inline>, …}}, …]."""
    told = [part for one in message if isinstance(one, dict) for part in one.values()]
    fields = {str(name) for part in told for name in part.get("fields", ())}
    inlines = {str(part["name"]) for part in told if "name" in part}
    kind = str(obj._meta.model_name)
    audit.record(
        action=f"{kind}.{what}",
        actor=f"staff:{request.user.pk}",
        subject=f"{kind}:{obj.pk}",
        now=utc_now(),
        facts={"fields": sorted(fields | inlines)},
    )


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "name_of_today", "actor", "subject")
    list_filter = ("action", "at")
    search_fields = ("subject", "actor", "action", "uuid")
    date_hierarchy = "at"

    @admin.display(description=_("action"), ordering="action")
    def name_of_today(self, entry: AuditEntry) -> str:
        return entry.called


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
class SwitchAdmin(ReadOnlyAdmin):
    """To look at: a flip needs a reason and is written to the trail, so it is done in the operations room."""

    date_hierarchy = "changed_at"
    list_display = ("name", "scope", "on", "reason", "changed_by", "changed_at")
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


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Who was forgotten at whose request, what stayed, and why; the rows themselves are gone."""

    date_hierarchy = "asked_at"
    list_display = ("asked_at", "state", "actor", "reason", "erased_at", "look_at")
    list_filter = ("state",)
    search_fields = ("=id", "keys__value", "actor")


@admin.register(ErasureKey)
class ErasureKeyAdmin(ReadOnlyAdmin):
    list_display = ("erasure", "kind", "value")
    list_select_related = ("erasure",)
    list_filter = ("kind",)
    search_fields = ("value",)


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    """The reports of retention; the newest is the state of things."""

    date_hierarchy = "started_at"
    list_display = ("started_at", "dry_run", "due", "purged", "held")
    list_filter = ("dry_run",)
    search_fields = ("=id",)


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    """Opened here for a visitor, released by the action; neither erasure nor retention touches their rows meanwhile."""

    date_hierarchy = "opened_at"
    list_display = ("opened_at", "visitor", "reason", "opened_by", "released_at")
    list_filter = ("released_at",)
    search_fields = ("=visitor", "reason")
    fields = ("visitor", "reason")
    actions = ("release",)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return bool(request.user.has_perm("dashboard.handle_data_rights"))

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        now, actor = utc_now(), f"staff:{request.user.pk}"
        hold = holding.open_hold(visitor_id=obj.visitor, reason=obj.reason, actor=actor, now=now)
        obj.pk, obj.opened_at, obj.opened_by = hold.pk, hold.opened_at, hold.opened_by

    @admin.action(description=_("Release the selected holds"))
    def release(self, request: HttpRequest, queryset: Any) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied
        for hold in queryset:
            holding.release_hold(hold_id=hold.pk, actor=f"staff:{request.user.pk}", now=utc_now())
