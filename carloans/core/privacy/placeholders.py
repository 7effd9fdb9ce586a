"""Placeholders: the model reads "[PHONE_1]" where the customer wrote a number.

Two classes of data, decided here and nowhere else:

* kept aside, because the customer's own journey needs them: a numbered label, recoverable through the mapping;
* never kept: a bare label without a number, and nothing in the mapping. Nobody can ask for what is not there.

A customer who types "[PHONE_1]" gets no further than their own values: a mapping belongs to one conversation.
"""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping

from carloans.core.contacts.emails import plain_email
from carloans.core.contacts.phones import plain_phone
from carloans.core.privacy.redaction import find, replace
from carloans.core.privacy.spans import Span

#: type → label of values that are kept aside.
KEPT = {
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "PERSON": "NAME",
    "STREET_ADDRESS": "ADDRESS",
    "ZIP": "ZIP",
    "IP": "IP",
}
#: type → mark of values that are never kept.
NEVER_KEPT = {
    "SSN": "[SSN]",
    "SSN_LAST4": "[SSN_LAST4]",
    "CREDIT_CARD": "[CARD]",
    "BANK_ACCOUNT": "[ACCOUNT]",
    "ROUTING": "[ROUTING]",
    "IBAN": "[IBAN]",
    "DRIVER_LICENSE": "[LICENSE]",
    # Identity is confirmed on the provider's own page; here nobody needs it.
    "DOB": "[DOB]",
}
_LABEL = re.compile(r"\[((?:PHONE|EMAIL|NAME|ADDRESS|ZIP|IP)_\d{1,6})\]")


def tokenize(text: str, *, mapping: MutableMapping[str, str], known_names: Iterable[str] = ()) -> str:
    """`text` with placeholders for personal data; new values are added to `mapping` (label → value as written).

    The same value, however it is written, gets the same label. Tokenising again changes nothing.
    """
    labels = {(label.rpartition("_")[0], same_key(label, value)): label for label, value in mapping.items()}

    def label_for(span: Span, value: str) -> str:
        kind = KEPT[span.type]
        label = labels.setdefault((kind, same_key(kind, value)), next_label(kind, mapping))
        mapping.setdefault(label, value)
        return label

    return tokenize_with(text, label_for=label_for, known_names=known_names)


def tokenize_with(text: str, *, label_for: Callable[[Span, str], str], known_names: Iterable[str] = ()) -> str:
    """As `tokenize`, with the caller naming each kept value; `label_for` gets the span and what stands there."""
    spans = find(text, known_names=known_names)
    return replace(text, spans, [_mark(span, text, label_for) for span in spans])


def rehydrate(text: str, mapping: Mapping[str, str]) -> str:
    """`text` with its labels replaced by their values; unknown labels stay. For the customer and permitted staff."""
    return _LABEL.sub(lambda match: mapping.get(match[1], match[0]), text)


def labels_in(text: str) -> list[str]:
    """The labels that occur in `text`, in order, without brackets, each once."""
    return list(dict.fromkeys(_LABEL.findall(text)))


def next_label(kind: str, taken: Iterable[str]) -> str:
    """The first free label of a kind: one above its highest number so far."""
    numbers = [int(label.rpartition("_")[2]) for label in taken if label.rpartition("_")[0] == kind]
    return f"{kind}_{max(numbers, default=0) + 1}"


def same_key(kind: str, value: str) -> str:
    """What two ways of writing one value have in common: E.164 digits, the bare address, the folded words."""
    if kind.startswith("PHONE"):
        return plain_phone(value)
    if kind.startswith("EMAIL"):
        return plain_email(value)
    return " ".join(re.findall(r"\w+", value.casefold()))


def _mark(span: Span, text: str, label_for: Callable[[Span, str], str]) -> str:
    if span.type in NEVER_KEPT:
        return NEVER_KEPT[span.type]
    return f"[{label_for(span, text[span.start : span.end])}]"
