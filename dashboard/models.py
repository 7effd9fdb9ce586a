"""The room's own tables: who is signed in, and second factors of staff. All else it reads through selectors."""

from __future__ import annotations

import time
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from carloans.core.fields import EncryptedTextField
from carloans.core.privacy.index import blind_index


class StaffSession(models.Model):
    """One sign-in of one account, from its start to its end. The browser's session points here; its key is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_sessions")
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"], name="staff_session_of_user")]
        permissions = [
            ("view_room", _("may see the operations room, contact data masked")),
            ("work_conversations", _("may take over, answer and close conversations")),
            ("override_replies", _("may take conversations over and send words that a rule stops")),
            ("reveal_contact", _("may see contact data for a reason that is recorded")),
            ("export_leads", _("may take leads with contact data out")),
            ("flip_switches", _("may turn switches")),
            ("settle_notices", _("may settle notice duties")),
            ("view_audit", _("may read the audit trail")),
            ("handle_data_rights", _("may export, correct and erase a person's data")),
            ("manage_staff", _("may manage accounts and roles")),
            ("edit_prompts", _("may edit what agents are told")),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Authenticator(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # django-otp brings no types
    """An authenticator app (TOTP, RFC 6238). Unlike django-otp's own table this one keeps the secret encrypted."""

    secret = EncryptedTextField()
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)

    def verify_token(self, token: str) -> bool:
        """Whether the six digits are right now and were not used before; wrong ones slow the next try down."""
        allowed, _reason = self.verify_is_allowed()
        if not allowed:
            return False
        if not self._matches(token):
            self.throttle_increment(commit=True)
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def _matches(self, token: str) -> bool:
        if not (token.isascii() and token.isdecimal() and len(token) == 6):
            return False
        totp = TOTP(bytes.fromhex(self.secret), drift=self.drift)
        totp.time = time.time()
        if not totp.verify(int(token), tolerance=1, min_t=self.last_t + 1):
            return False
        self.last_t, self.drift = totp.t(), totp.drift
        return True

    def get_throttle_factor(self) -> int:
        return 1


def digest_of(code: str) -> str:
    """The keyed hash under which a recovery code is kept; hyphens, spaces and case do not matter."""
    plain = "".join(code.split()).replace("-", "").lower()
    return blind_index("recovery_code", plain)


class RecoverySet(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # django-otp brings no types
    """The recovery codes of one account. New ones replace the old set."""

    def verify_token(self, token: str) -> bool:
        """Whether the token is one of the unused codes; it is used up by that."""
        allowed, _reason = self.verify_is_allowed()
        if not allowed:
            return False
        if not self.codes.filter(digest=digest_of(token)).delete()[0]:
            self.throttle_increment(commit=True)
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1


class RecoveryCode(models.Model):
    """One unused recovery code, as a keyed hash; using it deletes the row."""

    owner = models.ForeignKey(RecoverySet, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"code {self.pk}"
