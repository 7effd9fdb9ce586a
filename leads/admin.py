"""Buyers can be edited; leads and their submissions are read, with contact masked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminURLInputWidget

from carloans.core import audit
from carloans.core.admin import ReadOnlyAdmin
from carloans.core.clock import utc_now
from carloans.core.privacy.index import blind_index
from leads import selectors
from leads.models import Buyer, Disposition, Lead, Submission, SubmissionAttempt


class BuyerForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes no parameter
    """The key can be replaced but not read back."""

    secret = forms.CharField(
        label=_("Shared key"),
        required=False,
        widget=UnfoldAdminPasswordWidget(),
        help_text=_("Empty keeps the present one."),
    )

    endpoint_url = forms.URLField(label=_("Address"), assume_scheme="https", widget=UnfoldAdminURLInputWidget())

    class Meta:
        model = Buyer
        fields = [
            "slug", "name", "endpoint_url", "format", "secret", "active", "certified_until", "states", "rank",
            "simulated",
        ]  # fmt: skip

    def clean_secret(self) -> str:
        secret = self.cleaned_data["secret"] or self.instance.secret
        if not secret:
            raise forms.ValidationError(_("A new buyer needs a shared key."))
        return str(secret)


@admin.register(Buyer)
class BuyerAdmin(ModelAdmin):  # type: ignore[misc]
    form = BuyerForm
    list_display = ("name", "slug", "format", "active", "certified_until", "rank", "simulated")
    list_filter = ("active", "simulated", "format")
    search_fields = ("name", "slug")

    def save_model(self, request: HttpRequest, obj: Buyer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            action="buyer.changed" if change else "buyer.added",
            actor=f"staff:{request.user.pk}",
            subject=f"buyer:{obj.slug}",
            now=utc_now(),
            facts={"fields": sorted(form.changed_data), "active": obj.active},
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SubmissionInline(TabularInline):  # type: ignore[misc]
    model = Submission
    extra = 0
    can_delete = False
    fields = readonly_fields = (
        "buyer", "state", "result", "attempts", "buyer_ref", "response_reason", "last_error_code", "due_at",
        "accepted_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "id", "contact", "status", "priority", "completeness", "source")
    list_filter = ("status", "hold_code", "priority", "source", "created_at")
    search_fields = ("=id", "=visitor__id", "=application_id", "=conversation_id")
    search_help_text = _("A lead, visitor, application or conversation id; or the customer's whole e-mail or telephone")
    date_hierarchy = "created_at"
    exclude = ("package",)
    readonly_fields = ("contact",)
    inlines = [SubmissionInline]

    @admin.display(description=_("Contact"))
    def contact(self, lead: Lead) -> str:
        shown = selectors.row(lead)
        return " ".join(filter(None, (shown["name"], shown["phone"] or shown["email"])))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        rows: QuerySet[Lead] = super().get_queryset(request).prefetch_related("submissions__buyer")
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Lead], search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        """Contact data is found by its blind index, whole or not at all."""
        term = search_term.strip()
        if "@" in term:
            return queryset.filter(visitor__email_index=blind_index("email", term)), False
        if term.startswith("+"):
            return queryset.filter(visitor__phone_index=blind_index("phone", term)), False
        found: tuple[QuerySet[Lead], bool] = super().get_search_results(request, queryset, search_term)
        return found


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "lead_id", "buyer", "state", "result", "attempts", "last_error_code", "accepted_at")
    list_filter = ("state", "result", "buyer", "last_error_category", "created_at")
    search_fields = ("=id", "=lead__id", "buyer_ref")
    list_select_related = ("buyer",)


@admin.register(SubmissionAttempt)
class SubmissionAttemptAdmin(ReadOnlyAdmin):
    list_display = ("at", "submission_id", "number", "act", "result", "http_status", "code", "ms")
    list_filter = ("act", "result", "http_status", "at")
    search_fields = ("=submission__id", "=submission__lead__id")


@admin.register(Disposition)
class DispositionAdmin(ReadOnlyAdmin):
    list_display = ("at", "buyer", "submission_id", "word", "event_id")
    list_filter = ("word", "buyer", "at")
    search_fields = ("=submission__lead__id", "event_id")
