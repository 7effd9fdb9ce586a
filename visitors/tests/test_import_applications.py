"""`import_applications FILE`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from visitors.models import Application, Site

FILE = """Record ID,First Name,Last Name,Email,Phone Number,Make,Model,Year,Step
1,Ann,Ayre,ann@gmail.com,555-123-4567,Toyota,Corolla,2021,3
2,Bob,Byrd,nonsense,555-123-4568,Ford,Focus,2019,2
3,"Cleo, the third",Cole,cleo@gmail.com,,Kia,Rio,2020,1
"""


def run(path: Path, text: str) -> str:
    path.write_text(text)
    out = StringIO()
    call_command("import_applications", path, site="test-site", stdout=out)
    return out.getvalue()


def test_good_rows_are_imported_and_refused_ones_reported_without_their_values(site: Site, tmp_path: Path) -> None:
    report = run(tmp_path / "a.csv", FILE)
    assert "created: 2" in report
    assert "refused: 1" in report
    assert "line 3: refused: invalid_email (email)" in report
    assert "nonsense" not in report
    assert set(Application.objects.values_list("external_id", flat=True)) == {"1", "3"}


def test_a_second_import_changes_nothing(site: Site, tmp_path: Path) -> None:
    run(tmp_path / "a.csv", FILE)
    assert "unchanged: 2" in run(tmp_path / "a.csv", FILE)
    assert "updated: 1" in run(tmp_path / "a.csv", FILE.replace("Rio", "Ceed"))


def test_a_row_with_too_many_cells_is_refused(site: Site, tmp_path: Path) -> None:
    assert "refused: unknown_field (extra_cells)" in run(tmp_path / "a.csv", "id,email\n1,ann@gmail.com,oops\n")


@pytest.mark.parametrize("content", [b"", b"id,email\n\xff\xfe,\n", b'id,email\n"1,ann@gmail.com\n'])
def test_a_file_that_is_no_csv_is_an_error(site: Site, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_applications", path, site="test-site", stdout=StringIO())


def test_an_unknown_site_is_an_error(site: Site, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_applications", tmp_path / "a.csv", site="nobody", stdout=StringIO())
