"""Privacy: redaction, placeholders and their vault, blind indexes, masks.

The vault is not imported here, because it needs the models: `from carloans.core.privacy import vault`.
"""

from carloans.core.privacy.placeholders import labels_in, rehydrate, tokenize
from carloans.core.privacy.redaction import redact, scrub
from carloans.core.privacy.spans import Redacted, Span

__all__ = ["Redacted", "Span", "labels_in", "redact", "rehydrate", "scrub", "tokenize"]
