"""Prompt versions in the admin: make one from another, look at what it compiles to, measure, activate, roll back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from carloans.core.admin import ReadOnlyAdmin
from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from cathy import prompt_forms
from cathy.models import PromptVersion
from cathy.prompts import active, reading, standing, versions
from cathy.prompts.wishes import BUILT_IN
from cathy.simulation.style import HONOURED, IGNORED
from cathy.tasks import evaluate_prompt

Act = Callable[["PromptVersionAdmin", HttpRequest, UUID], str]


def _pressed(permission: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """A press on a version's page: permission, the act, its words as a message, and back to the page."""

    def guard(act: Act) -> Callable[..., HttpResponse]:
        @wraps(act)
        def done(self: PromptVersionAdmin, request: HttpRequest, version_id: UUID) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            try:
                messages.success(request, act(self, request, version_id))
            except CarLoansError as refusal:
                messages.error(request, str(refusal.message))
            return HttpResponseRedirect(reverse("admin:cathy_promptversion_change", args=[version_id]))

        return done

    return guard


class PromptVersionAdmin(ReadOnlyAdmin):
    """A version is never changed: its page shows it, and another one is made from it."""

    list_display = ("number", "state", "note", "created_at", "created_by", "activated_at")
    list_filter = ("state",)
    search_fields = ("=number", "note", "digest")
    date_hierarchy = "created_at"
    ordering = ("-number",)
    change_form_outer_after_template = "cathy/prompt_version.html"

    @admin.display(description=gettext_lazy("digest"))
    def fingerprint(self, version: PromptVersion) -> str:
        """The first half of the digest: a whole one is wider than a telephone."""
        return version.digest[:32]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return bool(request.user.has_perm("cathy.add_promptversion"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return prompt_forms.fieldsets()
        shown = (
            "state",
            "note",
            "created_at",
            "created_by",
            "based_on",
            "activated_at",
            "activated_by",
            "override",
            "fingerprint",
        )
        return [(None, {"fields": shown})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = prompt_forms.form_class()
        _base, form.based_on = prompt_forms.base_of(request.GET.get("from", ""))
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        base, _version = prompt_forms.base_of(request.GET.get("from", ""))
        return prompt_forms.initial(base)

    def save_model(self, request: HttpRequest, obj: PromptVersion, form: Any, change: bool) -> None:
        row = versions.draft(
            raw=form.raw(), note=form.cleaned_data["note"], based_on=form.based_on, **_by(request), now=utc_now()
        )
        obj.__dict__.update({name: value for name, value in row.__dict__.items() if name != "_state"})

    def response_add(
        self, request: HttpRequest, obj: PromptVersion, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, _("Version %(number)d is a draft now. Evaluate it next.") % {"number": obj.number})
        return HttpResponseRedirect(reverse("admin:cathy_promptversion_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more = self._panels(request, row) if row else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})  # type: ignore[no-any-return]

    def _panels(self, request: HttpRequest, row: PromptVersion) -> dict[str, Any]:
        prompt = active.of_row(row)
        number = reading.active_number()
        held = reading.prompt_named(str(number)) if number else None
        wishes = prompt.wishes if prompt else None
        obstacle = standing.obstacle(row)
        return {
            "version": row,
            "intact": prompt is not None,
            "greetings": reading.greetings(wishes, company=settings.COMPANY_NAME) if wishes else {},
            "compiled": reading.compiled(wishes, company=settings.COMPANY_NAME) if wishes else [],
            "changes": reading.differences(held.wishes if held else BUILT_IN, wishes) if wishes else [],
            "active_number": number,
            "evaluations": reading.evaluations(version_id=row.pk, limit=20),
            "obstacle": obstacle,
            "honoured": HONOURED,
            "ignored": IGNORED,
            "may_edit": self.has_add_permission(request),
            "may_activate": request.user.has_perm("cathy.activate_prompts"),
            "may_override": request.user.has_perm("cathy.override_evaluation") and row.state != "active",
            "can_roll_back": row.state == "active" and row.replaced_id is not None,
            "reason_min": versions.REASON_MIN,
            "note_max": versions.NOTE_MAX,
        }

    def get_urls(self) -> list[URLPattern]:
        acts = (
            ("evaluate", self.evaluate),
            ("activate", self.activate),
            ("roll-back", self.roll_back),
            ("retire", self.retire),
        )
        own = [
            path(
                f"<uuid:version_id>/{name}/",
                self.admin_site.admin_view(require_POST(act)),
                name=f"cathy_promptversion_{name.replace('-', '_')}",
            )
            for name, act in acts
        ]
        return [*own, *super().get_urls()]

    @_pressed("cathy.add_promptversion")
    def evaluate(self, request: HttpRequest, version_id: UUID) -> str:
        """Have every suite played with this version, in the background."""
        from cathy.evaluation import suites

        names = [suite.name for suite in suites()]
        for name in names:
            evaluate_prompt.delay(str(version_id), name, **_by(request))
        return _("%(count)d suites are being played; the results appear below. Reload in a minute.") % {
            "count": len(names)
        }

    @_pressed("cathy.activate_prompts")
    def activate(self, request: HttpRequest, version_id: UUID) -> str:
        """Let it hold from now on; with a reason also against an evaluation, for those who may."""
        override = request.POST.get("override")
        if override is not None and not request.user.has_perm("cathy.override_evaluation"):
            raise PermissionDenied
        row = versions.activate(version_id=version_id, override=override, **_by(request), now=utc_now())
        return _("Version %(number)d holds from now on.") % {"number": row.number}

    @_pressed("cathy.activate_prompts")
    def roll_back(self, request: HttpRequest, version_id: UUID) -> str:
        """Return to the version before."""
        row = versions.roll_back(**_by(request), now=utc_now())
        return _("Rolled back: version %(number)d holds again.") % {"number": row.number}

    @_pressed("cathy.add_promptversion")
    def retire(self, request: HttpRequest, version_id: UUID) -> str:
        """Put a draft aside."""
        versions.retire(version_id=version_id, actor=_by(request)["actor"], now=utc_now())
        return _("Put aside.")


def _by(request: HttpRequest) -> dict[str, str]:
    return {"actor": f"staff:{request.user.pk}", "staff": request.user.get_username()}
