"""Typed reading of the environment: every setting has a type that refuses nonsense at start.

A value comes from `NAME`, else from the file that `NAME_FILE` names (for secrets that a platform mounts),
else from `.env`, else from the default. An error names the setting and says what would be right.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
_ENV_FILE = BASE_DIR / os.environ.get("ENV_FILE", ".env")
if _ENV_FILE.is_file():
    environ.Env.read_env(str(_ENV_FILE))

#: Secrets that production must be given; elsewhere they are made once and kept in DATA_DIR.
SECRETS = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY")


def text(name: str, default: str = "") -> str:
    """The setting as text; an empty one counts as absent. Raises ImproperlyConfigured for an unreadable NAME_FILE."""
    if value := os.environ.get(name, "").strip():
        return value
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return default
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from error


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} must be yes or no.")


def number(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
    return int(value)


def decimal(name: str, default: float, *, least: float, most: float) -> float:
    value = text(name)
    try:
        parsed = float(value) if value else default
    except ValueError:
        parsed = least - 1
    if not least <= parsed <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}.")
    return parsed


def listing(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def prices(name: str) -> dict[str, tuple[float, float]]:
    """Cents per million tokens in and out, by model, from "model:in:out, …". Raises ImproperlyConfigured."""
    found: dict[str, tuple[float, float]] = {}
    for part in listing(name):
        model, _, numbers = part.partition(":")
        try:
            tokens_in, tokens_out = (float(number) for number in numbers.split(":"))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must be like gpt-5-mini:25:200, cents per million tokens.") from error
        if not model or min(tokens_in, tokens_out) < 0:
            raise ImproperlyConfigured(f"{name} must name a model and prices from 0.")
        found[model] = (tokens_in, tokens_out)
    return found


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(allowed)}.")
    return value


def url(name: str, default: str = "", schemes: tuple[str, ...] = ("http", "https")) -> str:
    value = text(name, default).rstrip("/")
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).netloc):
        raise ImproperlyConfigured(f"{name} must be an address that starts with {' or '.join(schemes)}://.")
    return value


def made_secrets(data_dir: Path) -> dict[str, str]:
    """Secrets of this installation, made at the first start and kept readable for its owner alone."""
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "BLIND_INDEX_KEY": secrets.token_hex(32),
        }
        _write_once(path, json.dumps(fresh))
    return {str(key): str(value) for key, value in json.loads(path.read_text()).items()}


def _write_once(path: Path, content: str) -> None:
    """Two processes may start at once: the first whole file wins and the other reads it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def secret(name: str, *, production: bool, data_dir: Path) -> str:
    """A secret of SECRETS. Raises ImproperlyConfigured, naming it, when production lacks it."""
    value = text(name)
    if value:
        return value
    if production:
        raise ImproperlyConfigured(f"{name} is missing: production needs it as {name} or {name}_FILE.")
    return made_secrets(data_dir)[name]


def encryption_keys(value: str) -> list[str]:
    """Fernet keys, the first encrypts. Raises ImproperlyConfigured, with the place of a malformed one, or for none."""
    keys = [part.strip() for part in value.split(",") if part.strip()]
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"FIELD_ENCRYPTION_KEYS must be Fernet keys, separated by commas; number {place} of {len(keys)} is not."
            ) from error
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS must hold at least one Fernet key.")
    return keys
