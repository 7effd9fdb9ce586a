"""Making of the learned parts; no part of the running program."""

import os

# The sentences are cut and judged as the program does it, whose rooms are told by its settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings_testing")
