"""The run log in the admin: for reading. What happened is not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from cathy.models import AgentRun, ToolCall, Verdict


class ReadOnly:
    """Rows that nobody adds, changes or deletes by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ToolCallInline(ReadOnly, TabularInline):
    model = ToolCall
    fields = ("seq", "name", "arguments", "ok", "ms", "error_category")
    extra = 0


class VerdictInline(ReadOnly, TabularInline):
    model = Verdict
    fields = ("stage", "rule", "action", "at")
    extra = 0


@admin.register(AgentRun)
class AgentRunAdmin(ReadOnly, ModelAdmin):
    list_display = ("started_at", "agent", "trigger", "mode", "outcome", "error_code", "first_text_ms", "total_ms")
    list_filter = ("agent", "outcome", "mode", "error_category", "started_at")
    search_fields = ("=uuid", "=conversation", "=visitor", "=application", "error_code", "prompt_version")
    date_hierarchy = "started_at"
    inlines = (ToolCallInline, VerdictInline)
    list_per_page = 50


@admin.register(ToolCall)
class ToolCallAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "run", "seq", "ok", "ms", "error_category")
    list_filter = ("name", "ok", "error_category")
    list_select_related = ("run",)
    search_fields = ("=run__uuid", "name")


@admin.register(Verdict)
class VerdictAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "stage", "rule", "action", "run")
    list_filter = ("stage", "rule", "action", "at")
    list_select_related = ("run",)
    search_fields = ("=run__uuid", "rule")
