"""The run log in the admin: for reading. What happened is not edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import TabularInline

from carloans.core.admin import ReadOnlyAdmin
from cathy.models import AgentRun, ToolCall, Verdict


class _Shown(TabularInline):  # type: ignore[misc]
    """Rows below a run; the engine wrote them and nobody adds one."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ToolCallInline(_Shown):
    model = ToolCall
    fields = ("seq", "name", "arguments", "ok", "ms", "error_category")


class VerdictInline(_Shown):
    model = Verdict
    fields = ("stage", "rule", "action", "at")


@admin.register(AgentRun)
class AgentRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "agent", "trigger", "mode", "outcome", "error_code", "first_text_ms", "total_ms")
    list_filter = ("agent", "outcome", "mode", "error_category", "started_at")
    search_fields = ("=uuid", "=conversation", "=visitor", "=application", "error_code", "prompt_version")
    date_hierarchy = "started_at"
    inlines = (ToolCallInline, VerdictInline)
    list_per_page = 50


@admin.register(ToolCall)
class ToolCallAdmin(ReadOnlyAdmin):
    list_display = ("name", "run", "seq", "ok", "ms", "error_category")
    list_filter = ("name", "ok", "error_category")
    list_select_related = ("run",)
    search_fields = ("=run__uuid", "name")


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ("at", "stage", "rule", "action", "run")
    list_filter = ("stage", "rule", "action", "at")
    list_select_related = ("run",)
    search_fields = ("=run__uuid", "rule")
