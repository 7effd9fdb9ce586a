"""Settings of the test suite: fast hashing, tasks at once, everything written below a folder of its own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ENV_FILE", "")
os.environ.setdefault("DATA_DIR", str(Path(tempfile.gettempdir()) / f"carloans-tests-{os.getuid()}"))

from carloans.settings import *  # noqa: E402, F403  the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file and not memory: threads of a test server must see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
