"""Who may do what: five roles, kept as Django groups. The table below is the law; every `migrate` makes it so again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import connections, transaction

#: From the least to the most; every role may do what stands in its line and see the room.
ROLES: Final = ("viewer", "agent", "manager", "compliance", "admin")

#: Permissions of the operations room (`dashboard.<name>`) and the roles that hold them.
ROOM: Final[dict[str, frozenset[str]]] = {
    "view_room": frozenset(ROLES),
    "work_conversations": frozenset({"agent", "manager", "compliance", "admin"}),
    "reveal_contact": frozenset({"agent", "manager", "compliance", "admin"}),
    "override_replies": frozenset({"manager", "compliance", "admin"}),
    "export_leads": frozenset({"manager", "compliance", "admin"}),
    "flip_switches": frozenset({"manager", "compliance", "admin"}),
    "settle_notices": frozenset({"manager", "compliance", "admin"}),
    "edit_prompts": frozenset({"manager", "admin"}),
    "view_audit": frozenset({"compliance", "admin"}),
    "handle_data_rights": frozenset({"compliance", "admin"}),
    "manage_staff": frozenset({"admin"}),
}

#: The rooms whose tables every role may read in the admin (contact data is masked there) …
_OPEN_ROOMS: Final = ("core", "cathy", "visitors", "campaigns", "credit", "chat", "leads")
#: … but for these, which name who did what, or hold secrets.
_CLOSED: Final[dict[str, frozenset[str]]] = {
    "core.auditentry": frozenset({"compliance", "admin"}),
    "core.auditseal": frozenset({"compliance", "admin"}),
    "core.auditsealmember": frozenset({"compliance", "admin"}),
    "core.vaultvalue": frozenset({"compliance", "admin"}),
    **{
        f"core.{model}": frozenset({"compliance", "admin"})
        for model in ("erasure", "erasurekey", "legalhold", "purgerun")
    },
    **{
        f"visitors.{model}": frozenset({"compliance", "admin"})
        for model in ("privacylink", "privacyproof", "privacyrequest", "saleoptout")
    },
    "campaigns.suppression": frozenset({"manager", "compliance", "admin"}),
    "campaigns.webhooktoken": frozenset({"admin"}),
}
#: Whole apps that only administrators see.
_ADMIN_APPS: Final = ("auth", "dashboard", "axes", "django_celery_beat", "django_otp_webauthn")

#: Tables that a role may edit in the admin: "<app>.<act>_<model>".
_EDITS: Final[dict[str, frozenset[str]]] = {
    "campaigns.add_campaign": frozenset({"manager", "admin"}),
    "campaigns.change_campaign": frozenset({"manager", "admin"}),
    "campaigns.add_step": frozenset({"manager", "admin"}),
    "campaigns.change_step": frozenset({"manager", "admin"}),
    "campaigns.delete_step": frozenset({"manager", "admin"}),
    **{
        f"chat.{act}_{model}": frozenset({"manager", "admin"})
        for act in ("add", "change", "delete")
        for model in ("servicehours", "opening", "closure", "cannedreply")
    },
    "cathy.add_promptversion": ROOM["edit_prompts"],
    "cathy.activate_prompts": ROOM["edit_prompts"],
    "cathy.override_evaluation": frozenset({"admin"}),
    "credit.add_noticepolicy": frozenset({"compliance", "admin"}),
    "credit.change_noticepolicy": frozenset({"compliance", "admin"}),
    "leads.add_buyer": frozenset({"manager", "admin"}),
    "leads.change_buyer": frozenset({"manager", "admin"}),
    "visitors.add_site": frozenset({"manager", "admin"}),
    "visitors.change_site": frozenset({"manager", "admin"}),
    "leads.export_lead": ROOM["export_leads"],
    "auth.add_user": frozenset({"admin"}),
    "auth.change_user": frozenset({"admin"}),
    "dashboard.delete_authenticator": frozenset({"admin"}),
    "dashboard.delete_recoveryset": frozenset({"admin"}),
    "dashboard.delete_recoverycode": frozenset({"admin"}),
    "django_otp_webauthn.delete_webauthncredential": frozenset({"admin"}),
    "django_otp_webauthn.delete_webauthnattestation": frozenset({"admin"}),
    "django_celery_beat.change_periodictask": frozenset({"admin"}),
}


def holders(permission: str) -> frozenset[str]:
    """The roles that hold "<app>.<code>"; empty for what only a superuser may do."""
    app, _, code = permission.partition(".")
    if app == "dashboard" and code in ROOM:
        return ROOM[code]
    if code.startswith("view_"):
        return _viewers(app, code.removeprefix("view_"))
    return _EDITS.get(permission, frozenset())


def _viewers(app: str, model: str) -> frozenset[str]:
    if app in _ADMIN_APPS:
        return frozenset({"admin"})
    if app not in _OPEN_ROOMS:
        return frozenset()
    return _CLOSED.get(f"{app}.{model}", frozenset(ROLES))


def sync(using: str) -> None:
    """Make the groups hold exactly what the table says. Idempotent; writes nothing where nothing differs."""
    rows = Permission.objects.using(using).values_list("pk", "content_type__app_label", "codename")
    held: dict[str, set[int]] = {role: set() for role in ROLES}
    for key, app, code in rows:
        for role in holders(f"{app}.{code}"):
            held[role].add(key)
    with transaction.atomic(using=using):
        for role in ROLES:
            _give(Group.objects.using(using).get_or_create(name=role)[0], held[role])


def _give(group: Group, wanted: set[int]) -> None:
    present = set(group.permissions.values_list("pk", flat=True))
    group.permissions.remove(*present - wanted)
    group.permissions.add(*wanted - present)


def after_migrate(using: str, **kwargs: Any) -> None:
    """The receiver of Django's `post_migrate`: a migrate of one room alone may come before there are permissions."""
    if Permission._meta.db_table in connections[using].introspection.table_names():
        sync(using)


@transaction.atomic
def assign(user: AbstractUser, role: str) -> None:
    """Give an account this role and no other. Raises KeyError for a role that is none."""
    if role not in ROLES:
        raise KeyError(role)
    if roles_of(user) == [role]:
        return
    user.groups.set([Group.objects.get(name=role)])


def roles_of(user: AbstractUser) -> list[str]:
    """The account's roles, least first; a superuser needs none."""
    names: Iterable[str] = user.groups.values_list("name", flat=True)
    return sorted(set(names) & set(ROLES), key=ROLES.index)
