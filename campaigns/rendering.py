"""From stored words to a mail: placeholders filled, one HTML and one text body. Pure; reads no rows.

A stored message holds placeholders only. The contact's name is put in here, at the moment of sending or for a
permitted reader, and is never stored with the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.template.loader import render_to_string

from campaigns import texts

PLACEHOLDERS = frozenset({"first_name", "company", "link"})
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
#: A name is an order mark away from turning a sentence around: these have no business in a greeting.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is true of this one mail: whom it greets, from whom, and where its links lead."""

    locale: str
    company: str
    postal_address: str
    link: str
    unsubscribe_url: str
    privacy_url: str
    first_name: str = ""
    kind: str = "step"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail as it leaves: header text and the two bodies."""

    subject: str
    html: str
    text: str


def one_line(value: str) -> str:
    """The text without line breaks, control or direction marks, so that it can stand in a header."""
    return _BREAKS.sub(" ", _BIDI.sub("", value)).strip()


def unknown_placeholders(text: str) -> set[str]:
    """Names in braces that nobody fills; a draft with one of them is refused."""
    return {name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS}


def personalise(text: str, recipient: Recipient) -> str:
    """Fill the placeholders in one pass; without a first name the address goes and the sentence stays whole."""
    name = one_line(recipient.first_name)
    values = {"first_name": name, "company": recipient.company, "link": recipient.link}
    if not name:
        text = _without_name(text)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _without_name(text: str) -> str:
    bare = re.sub(r"^\{first_name\}\s*[,:;]\s*", "", text)
    bare = re.sub(r"\s*,?\s*\{first_name\}", "", bare).strip()
    return bare[:1].upper() + bare[1:] if bare != text else text


def sender_name(*, company: str, locale: str) -> str:
    """The name that stands in the From header: the AI label is part of it, in the mail's language."""
    label = texts.FRAMES[texts.language(locale)].label.replace("{company}", company)
    return one_line(f"{texts.ASSISTANT_NAME}, {label}")


def render(copy: texts.Copy, recipient: Recipient) -> Rendered:
    """Render stored words for one recipient. Everything in them is text: markup is escaped."""
    context = _context(copy, recipient)
    return Rendered(
        subject=one_line(personalise(copy.subject, recipient)),
        html=render_to_string("campaigns/mail.html", context),
        text=render_to_string("campaigns/mail.txt", context),
    )


def _context(copy: texts.Copy, recipient: Recipient) -> dict[str, object]:
    lang = texts.language(recipient.locale)
    frame = texts.FRAMES[lang]
    whys = {
        "fresh_link": frame.why_requested,
        "privacy": frame.why_privacy,
        "transcript": frame.why_transcript,
    }
    notes = {"privacy": frame.link_note_privacy, "transcript": frame.link_note_transcript}
    greeting = frame.greeting if one_line(recipient.first_name) else frame.greeting_unnamed
    return {
        "lang": lang,
        "subject": one_line(personalise(copy.subject, recipient)),
        "preheader": personalise(copy.preheader, recipient),
        "greeting": personalise(greeting, recipient),
        "paragraphs": [personalise(paragraph, recipient) for paragraph in copy.paragraphs],
        "call_to_action": personalise(copy.call_to_action, recipient),
        "link": recipient.link,
        "link_note": notes.get(recipient.kind, frame.link_note),
        "privacy_url": recipient.privacy_url,
        "frame": frame,
        "assistant": texts.ASSISTANT_NAME,
        "label": personalise(frame.label, recipient),
        "why": personalise(whys.get(recipient.kind, frame.why), recipient),
        "company": recipient.company,
        "postal_address": one_line(recipient.postal_address),
        "unsubscribe_url": recipient.unsubscribe_url,
    }
