"""Settings of the test suite: fast hashing, tasks at once, everything written below a folder of its own."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("ENV_FILE", "")
if "DATA_DIR_OF_TESTS" not in os.environ:
    # In memory where the system offers it: a test's database need not outlive a power cut.
    shared_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    os.environ["DATA_DIR_OF_TESTS"] = tempfile.mkdtemp(prefix="carloans-tests-", dir=shared_memory)
    atexit.register(shutil.rmtree, os.environ["DATA_DIR_OF_TESTS"], ignore_errors=True)
os.environ["DATA_DIR"] = os.environ["DATA_DIR_OF_TESTS"]

from carloans.settings import *  # noqa: F403  the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
#: Servers that play a model expect the turns of a chat and nothing in between; its own test turns it on.
BRIEF_BY_MODEL = False
CELERY_TASK_EAGER_PROPAGATES = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file and not memory: threads of a test server must see the same rows.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
