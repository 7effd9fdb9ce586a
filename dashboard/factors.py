"""Second factors: authenticator apps, security keys and recovery codes. The libraries verify; this keeps the books."""

from __future__ import annotations

import base64
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django_otp import devices_for_user, verify_token
from django_otp.models import Device
from django_otp_webauthn.models import WebAuthnCredential

from dashboard.models import Authenticator, RecoveryCode, RecoverySet, digest_of

CODES = 10
#: Letters and digits that nobody mistakes for each other; ten of them are 49 bits, and each account's tries are slowed.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
#: What an account may enrol, by the word that the pages and the trail use.
KINDS: dict[str, type[Device]] = {"app": Authenticator, "key": WebAuthnCredential}


@dataclass(frozen=True, slots=True)
class Factor:
    """One enrolled device as the account's page shows it."""

    kind: str
    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


def kind_of(device: Device) -> str:
    """ "app", "key" or "recovery_code"."""
    return next((kind for kind, model in KINDS.items() if isinstance(device, model)), "recovery_code")


def has_any(user: Any) -> bool:
    """Whether the account has a confirmed device of any kind."""
    return any(devices_for_user(user, confirmed=True))


def listing(user: Any) -> list[Factor]:
    """The account's apps and keys, oldest first."""
    found = [
        Factor(kind, device.pk, device.name, device.created_at, device.last_used_at)
        for kind, model in KINDS.items()
        for device in model.objects.filter(user=user, confirmed=True)
    ]
    return sorted(found, key=lambda one: one.added_at)


def has_key(user: Any) -> bool:
    return bool(WebAuthnCredential.objects.filter(user=user, confirmed=True).exists())


def codes_left(user: Any) -> int:
    return RecoveryCode.objects.filter(owner__user=user, owner__confirmed=True).count()


def check(user: Any, token: str) -> Device | None:
    """The device that accepts this code. A wrong one slows every next try of the account down: 1, 2, 4, 8 … seconds."""
    model = Authenticator if token.strip().isdecimal() else RecoverySet
    for device in model.objects.filter(user=user, confirmed=True):
        if verify_token(user, device.persistent_id, token.strip()):
            return device
    return None


@transaction.atomic
def waiting_app(user: Any) -> Authenticator:
    """The app that the account is about to enrol: the same until it is confirmed."""
    found: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    return found or Authenticator.objects.create(
        user=user, name="Authenticator app", confirmed=False, secret=secrets.token_hex(20)
    )


def confirm_app(user: Any, token: str) -> Authenticator | None:
    """Enrol the waiting app when its code is right."""
    device: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    if device is None or not verify_token(user, device.persistent_id, token.strip()):
        return None
    device.refresh_from_db()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return device


def typed_secret(device: Authenticator) -> str:
    """The secret as a person types it into an app: base32 in groups of four."""
    text = base64.b32encode(bytes.fromhex(device.secret)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(device: Authenticator) -> bytes:
    """The QR code of the device's key URI, as SVG without any style or script."""
    issuer, account = settings.COMPANY_NAME.replace(":", ""), device.user.get_username()
    query = urlencode({"secret": typed_secret(device).replace(" ", ""), "issuer": issuer}, quote_via=quote)
    buffer = io.BytesIO()
    segno.make(f"otpauth://totp/{quote(f'{issuer}:{account}')}?{query}", error="m").save(
        buffer, kind="svg", scale=5, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return buffer.getvalue()


@transaction.atomic
def new_codes(user: Any) -> list[str]:
    """Ten fresh recovery codes; the old ones are worth nothing from now on. They are seen this once."""
    RecoverySet.objects.filter(user=user).delete()
    owner = RecoverySet.objects.create(user=user, name="Recovery codes")
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(owner=owner, digest=digest_of(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove(user: Any, kind: str, pk: int) -> bool:
    """Take a device away. The recovery codes go with the last one. False when there is none."""
    if not KINDS[kind].objects.filter(user=user, pk=pk, confirmed=True).delete()[0]:
        return False
    if not listing(user):
        RecoverySet.objects.filter(user=user).delete()
    return True
