"""The export is complete, RFC 4180, harmless to spreadsheets, and needs no more memory for more rows."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from carloans.core.models import AuditEntry
from leads import export
from leads.export import COLUMNS, Wanted, cell, chunks
from leads.models import Lead
from leads.tests.factories import make_lead, plain_leads

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("export_leads", *arguments, stdout=out)
    return out.getvalue()


def test_csv_has_a_header_crlf_and_every_lead():
    lead = make_lead()
    text = run("--format", "csv")
    assert text.startswith(",".join(COLUMNS) + "\r\n")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["lead_id"] == str(lead.pk)
    assert (row["vehicle_make"], row["loan_amount"], row["completeness"]) == ("Toyota", "18500.00", "100")


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "\tx", "＝1+1"])
def test_a_formula_is_disarmed(name):
    [lead] = plain_leads(1)
    Lead.objects.filter(pk=lead.pk).update(package={"contact": {"first_name": name}})
    [row] = csv.DictReader(io.StringIO(run("--format", "csv"), newline=""))
    assert row["first_name"] == f"'{name}"


def test_quotes_commas_and_line_breaks_survive():
    [lead] = plain_leads(1)
    name = 'Ann "A", the\r\nsecond'
    Lead.objects.filter(pk=lead.pk).update(package={"contact": {"first_name": name}})
    [row] = csv.DictReader(io.StringIO(run("--format", "csv"), newline=""))
    assert row["first_name"] == name


def test_the_phone_is_disarmed_like_everything_else():
    make_lead()
    assert "'+15551234567" in run("--format", "csv")


def test_json_and_jsonl_say_the_same():
    plain_leads(3)
    assert json.loads(run("--format", "json")) == [json.loads(line) for line in run("--format", "jsonl").splitlines()]


def test_nothing_to_export_is_still_a_document():
    assert run("--format", "csv") == ",".join(COLUMNS) + "\r\n"
    assert json.loads(run("--format", "json")) == []
    assert run("--format", "jsonl") == ""


def test_it_filters_by_status_and_moment(now):
    plain_leads(2)
    accepted = plain_leads(1, status="accepted")
    assert [row["lead_id"] for row in json.loads(run("--format", "json", "--status", "accepted"))] == [
        str(accepted[0].pk)
    ]
    later = (now + timedelta(days=1)).isoformat()
    assert json.loads(run("--format", "json", "--since", later)) == []
    assert len(json.loads(run("--format", "json", "--since", "2020-01-01"))) == 3


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "2026-02-30"])
def test_a_moment_that_is_none_is_refused(since):
    with pytest.raises(CommandError, match="ISO 8601"):
        run("--format", "csv", "--since", since)


def test_a_file_is_for_its_owner_alone(tmp_path):
    plain_leads(1)
    target = tmp_path / "leads.csv"
    assert run("--format", "csv", "--output", str(target)) == ""
    assert target.read_bytes().count(b"\r\n") == 2
    assert target.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run("--format", "csv", "--output", str(tmp_path / "nowhere" / "leads.csv"))


def test_pages_neither_lose_nor_repeat_a_lead(monkeypatch):
    monkeypatch.setattr(export, "PAGE", 7)
    made = {str(lead.pk) for lead in plain_leads(50)}
    got = [row["lead_id"] for row in export.rows(Wanted())]
    assert len(got) == 50
    assert set(got) == made


def test_it_needs_no_more_memory_for_more_rows(monkeypatch):
    monkeypatch.setattr(export, "PAGE", 50)
    plain_leads(100)
    small = peak()
    plain_leads(900)
    assert peak() < small * 1.5


def peak():
    sum(len(chunk) for chunk in chunks("csv", Wanted()))
    tracemalloc.start()
    sum(len(chunk) for chunk in chunks("csv", Wanted()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_every_export_is_on_the_audit_trail():
    run("--format", "jsonl", "--status", "accepted")
    entry = AuditEntry.objects.get(action="lead.exported")
    assert {name: entry.facts[name] for name in ("format", "status", "via")} == {
        "format": "jsonl",
        "status": "accepted",
        "via": "command",
    }
    assert entry.facts["rows"] == 0


@given(st.text())
def test_no_cell_begins_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
