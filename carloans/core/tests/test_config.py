"""Settings refuse nonsense at start and name what is wrong."""

from __future__ import annotations

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from carloans import config


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (lambda: config.number("X", 1, least=1, most=9), "ten", "whole number from 1 to 9"),
        (lambda: config.number("X", 1, least=1, most=9), "10", "whole number from 1 to 9"),
        (lambda: config.flag("X", True), "maybe", "yes or no"),
        (lambda: config.choice("X", "a", ("a", "b")), "c", "one of: a, b"),
        (lambda: config.url("X"), "ftp://host", "starts with http"),
        (lambda: config.decimal("X", 1.0, least=0.5, most=2), "3", "from 0.5 to 2"),
        (lambda: config.encryption_keys("short"), "", "Fernet"),
        (lambda: config.encryption_keys(f"{'A' * 43}=,short"), "", "number 2 of 2"),
        (lambda: config.encryption_keys(" , "), "", "at least one"),
    ],
)
def test_nonsense_is_refused_with_words(monkeypatch, read, value, words):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=words):
        read()


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from-a-file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert config.secret("SECRET_KEY", production=True, data_dir=tmp_path) == "from-a-file"


def test_production_names_the_missing_secret(monkeypatch, tmp_path):
    monkeypatch.delenv("BLIND_INDEX_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="BLIND_INDEX_KEY"):
        config.secret("BLIND_INDEX_KEY", production=True, data_dir=tmp_path)


def test_local_secrets_are_made_once_for_their_owner_alone(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = config.secret("SECRET_KEY", production=False, data_dir=tmp_path)
    assert first == config.secret("SECRET_KEY", production=False, data_dir=tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_every_setting_has_a_line_in_the_example():
    import re

    lines = (config.BASE_DIR / ".env.example").read_text()
    source = (config.BASE_DIR / "carloans" / "settings.py").read_text()
    names = set(re.findall(r'config\.\w+\(\s*"([A-Z_]+)"', source))
    assert {name for name in names if f"\n{name}=" not in lines} == set()
