"""The run log in the admin: for reading. What happened is not edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import TabularInline

from carloans.core.admin import ReadOnlyAdmin
from cathy import budgets, prompt_admin
from cathy.models import (
    AgentRun,
    CompiledPrompt,
    DailySpending,
    PromptEvaluation,
    PromptVersion,
    RunRecording,
    ToolCall,
    Verdict,
)


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
    search_fields = ("=uuid", "=conversation", "=visitor", "=application", "=prompt", "error_code", "prompt_version")
    date_hierarchy = "started_at"
    inlines = (ToolCallInline, VerdictInline)
    list_per_page = 50


@admin.register(RunRecording)
class RunRecordingAdmin(ReadOnlyAdmin):
    """Which run was recorded with which instructions; what was said stands on the run's page in the operations room."""

    list_display = ("run", "instructions")
    list_select_related = ("run",)
    search_fields = ("=run__uuid", "=instructions")
    fields = ("run", "instructions")
    ordering = ("-run__started_at",)


@admin.register(CompiledPrompt)
class CompiledPromptAdmin(ReadOnlyAdmin):
    list_display = ("first_used_at", "agent", "digest")
    list_filter = ("agent", "first_used_at")
    search_fields = ("agent", "=digest")
    date_hierarchy = "first_used_at"


@admin.register(PromptEvaluation)
class PromptEvaluationAdmin(ReadOnlyAdmin):
    list_display = ("at", "version", "suite", "model", "pass_one", "pass_all", "violations", "tool_errors")
    list_filter = ("suite", "mode", "at")
    list_select_related = ("version",)
    search_fields = ("suite", "model", "=version__number")
    date_hierarchy = "at"


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


@admin.register(DailySpending)
class DailySpendingAdmin(ReadOnlyAdmin):
    """What the real models took, day by day."""

    list_display = ("day", "tokens", "cents")
    search_fields = ("day",)
    date_hierarchy = "day"

    @admin.display(description="cents")
    def cents(self, row: DailySpending) -> str:
        return f"{row.microcents / budgets.MICRO:.2f}"


admin.site.register(PromptVersion, prompt_admin.PromptVersionAdmin)
