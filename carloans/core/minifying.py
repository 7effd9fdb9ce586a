"""Scripts for customers' pages without their comments and spaces, made from the readable sources next to the code.

Whoever looks for one of `settings.MINIFIED_SCRIPTS` (patterns of static paths) finds a smaller copy, with a gzipped one
beside it for servers that can send that. Copies are made anew when a source has changed; they lie below
`settings.MINIFIED_ROOT` and may be deleted at any time.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import rcssmin
import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.storage import FileSystemStorage, Storage


class MinifyingAppDirectories(AppDirectoriesFinder):
    """The static files of the apps; of some scripts the smaller copy, under the name of its source."""

    def find_in_app(self, app: str, path: str) -> str | None:
        """Where to read the file of this static path from, None when the app has none."""
        found: Any = super().find_in_app(app, path)
        return str(up_to_date_copy(path, Path(found))) if found and _is_wanted(path) else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every file with the storage that holds it."""
        copies = FileSystemStorage(location=settings.MINIFIED_ROOT)
        for path, storage in super().list(ignore_patterns):
            if _is_wanted(path):
                up_to_date_copy(path, Path(storage.path(path)))
                yield path, copies
                yield f"{path}.gz", copies
            else:
                yield path, storage


def _is_wanted(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in settings.MINIFIED_SCRIPTS)


def up_to_date_copy(path: str, source: Path) -> Path:
    """The smaller copy of `source`, made now unless there is one of this very version."""
    copy = Path(settings.MINIFIED_ROOT) / path
    version = source.stat().st_mtime_ns
    if not copy.is_file() or copy.stat().st_mtime_ns != version:
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = smaller(source.read_text()).encode()
        _put(copy.with_name(f"{copy.name}.gz"), gzip.compress(content, 9, mtime=0), version)
        _put(copy, content, version)
    return copy


#: A template literal that begins with a line break holds a style sheet; no other may.
_SHEET = re.compile(r"`\n([^`$\\]*)`")


def smaller(script: str) -> str:
    """The same script, and the style sheets in it, without comments and needless spaces; `/*! …` comments stay."""
    slim = _SHEET.sub(lambda found: f"`{rcssmin.cssmin(found[1])}`", script)
    return str(rjsmin.jsmin(slim, keep_bang_comments=True))


def _put(target: Path, content: bytes, version: int) -> None:
    """Whole or not at all: several processes start at once. The time stamp names the version of the source."""
    with NamedTemporaryFile(dir=target.parent, delete=False) as made:
        made.write(content)
    os.chmod(made.name, 0o644)
    os.utime(made.name, ns=(version, version))
    os.replace(made.name, target)
