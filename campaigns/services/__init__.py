"""What may be done in this room. Everything here writes rows; nothing here calls a model or enqueues a task."""

from campaigns.services.drafting import DraftRefused, claim_draft, save_draft
from campaigns.services.enrolment import complete_if_done, enrol, stop_enrollment, stop_visitor
from campaigns.services.events import note_click, record_event
from campaigns.services.fresh_links import write_fresh_link
from campaigns.services.preview import Preview, render_message
from campaigns.services.privacy import write_privacy_proof
from campaigns.services.sending import deliver, reconcile
from campaigns.services.suppression import suppress, suppress_visitor, unsubscribe
from campaigns.services.transcripts import TranscriptRefused, write_transcript
from campaigns.services.webhooks import SigningKeyMissing, WebhookRefused, receive_webhook

__all__ = [
    "DraftRefused",
    "Preview",
    "SigningKeyMissing",
    "TranscriptRefused",
    "WebhookRefused",
    "claim_draft",
    "complete_if_done",
    "deliver",
    "enrol",
    "note_click",
    "receive_webhook",
    "reconcile",
    "record_event",
    "render_message",
    "save_draft",
    "stop_enrollment",
    "stop_visitor",
    "suppress",
    "suppress_visitor",
    "unsubscribe",
    "write_fresh_link",
    "write_privacy_proof",
    "write_transcript",
]
