"""Accounts in the admin: roles are given here. Sessions and second factors can be seen, and devices taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask
from django_otp_webauthn.models import WebAuthnAttestation, WebAuthnCredential
from unfold import fields as theme_fields
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from carloans.core import audit
from carloans.core.admin import ReadOnlyAdmin, Recorded
from carloans.core.clock import utc_now
from dashboard import access
from dashboard.models import Authenticator, RecoveryCode, RecoverySet, StaffSession
from dashboard.views.guards import ask_again


def _plain_json(data: Any, encoder: Any) -> None:
    """Instead of the theme's highlighter, which writes inline styles: the theme shows plain JSON then."""


theme_fields.prettify_json = _plain_json
for _model in (User, Group, WebAuthnCredential, PeriodicTask):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class RecentSecondFactor:
    """Pages that change who may do what ask for the second factor again where it was shown too long ago."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.is_fresh(request, now=utc_now()):
            return ask_again(request)
        page: HttpResponseBase = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        return page


@admin.register(User)
class StaffAdmin(RecentSecondFactor, UserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Who may sign in, in which role. Superusers are made with `createsuperuser` and changed by superusers alone."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "role", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("groups")

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        names = ", ".join(group.name for group in user.groups.all())
        return names or ("superuser" if user.is_superuser else "–")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and bool(super().has_change_permission(request, obj))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A password is a way in, too."""
        if not access.is_fresh(request, now=utc_now()):
            return ask_again(request)
        page: HttpResponse = super().user_change_password(request, id, form_url)
        return page

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are switched off and stay: the trail names them by their number."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        now = utc_now()
        fields = sorted(set(form.changed_data) - {"password", "password1", "password2", "usable_password"})
        audit.record(
            action="staff.account_changed" if change else "staff.account_added",
            actor=access.actor_of(request.user),
            subject=f"account:{obj.pk}",
            now=now,
            facts={"fields": fields},
        )
        if change and {"is_active", "is_staff"} & set(fields):
            access.end_all(obj, why="account_changed", now=now)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """The roles: `dashboard/roles.py` says what each may do, so there is nothing to edit."""

    list_display = ("name", "members")
    search_fields = ("name",)

    @admin.display(description=_("members"))
    def members(self, group: Group) -> int:
        return group.user_set.count()


@admin.register(StaffSession)
class StaffSessionAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "user", "seen_at", "ended_at", "ended_why", "device")
    list_filter = ("ended_why", "started_at")
    list_select_related = ("user",)
    search_fields = ("=user__username", "=id")
    date_hierarchy = "started_at"


class Removable(RecentSecondFactor, ReadOnlyAdmin):
    """What a colleague who lost a telephone or a key needs taken away; a fresh one is enrolled at the next sign-in."""

    list_select_related = ("user",)
    search_fields = ("=user__username", "name")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(super(ReadOnlyAdmin, self).has_delete_permission(request, obj)) and access.is_fresh(
            request, now=utc_now()
        )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._taken(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for one in queryset.select_related("user"):
            self._taken(request, one)
        super().delete_queryset(request, queryset)

    def _taken(self, request: HttpRequest, device: Any) -> None:
        now = utc_now()
        audit.record(
            action="staff.second_factor_removed",
            actor=access.actor_of(request.user),
            subject=f"account:{device.user_id}",
            now=now,
            facts={"kind": type(device).__name__.lower()},
        )
        access.end_all(device.user, why="second_factor_removed", now=now)


@admin.register(Authenticator)
class AuthenticatorAdmin(Removable):
    list_display = ("user", "name", "confirmed", "created_at", "last_used_at")
    exclude = ("secret", "drift", "last_t")


@admin.register(RecoverySet)
class RecoverySetAdmin(Removable):
    list_display = ("user", "name", "created_at", "last_used_at")


@admin.register(RecoveryCode)
class RecoveryCodeAdmin(Recorded, ReadOnlyAdmin):
    """That codes are left; what they are nobody knows."""

    list_display = ("id", "owner")
    list_select_related = ("owner__user",)
    search_fields = ("=owner__user__username",)
    exclude = ("digest",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(super(ReadOnlyAdmin, self).has_delete_permission(request, obj))


@admin.register(WebAuthnCredential)
class KeyAdmin(Removable):
    list_display = ("user", "name", "created_at", "last_used_at")
    fields = ("user", "name", "confirmed", "created_at", "last_used_at", "transports")


@admin.register(WebAuthnAttestation)
class AttestationAdmin(Recorded, ReadOnlyAdmin):
    list_display = ("credential", "fmt")
    search_fields = ("=credential__user__username",)
    fields = ("credential", "fmt")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(super(ReadOnlyAdmin, self).has_delete_permission(request, obj))


@admin.register(PeriodicTask)
class ScheduleAdmin(RecentSecondFactor, Recorded, PeriodicTaskAdmin):  # type: ignore[misc]
    """When each sweep runs. One that is switched off stops purges or notices: it is done on its page, where it is
    recorded, and not by the library's actions on the list."""

    actions = ()
