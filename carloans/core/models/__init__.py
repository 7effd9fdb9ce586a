"""The tables that every floor may use: the audit trail, the feed, faults, switches and the vault of placeholders."""

from carloans.core.models.audit import AuditEntry, AuditSeal, AuditSealMember
from carloans.core.models.faults import ErrorRecord
from carloans.core.models.feed import FeedEvent
from carloans.core.models.heartbeat import Heartbeat
from carloans.core.models.rights import Erasure, ErasureKey, LegalHold, PurgeRun
from carloans.core.models.switches import Switch
from carloans.core.models.vault import VaultValue

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuditSealMember",
    "Erasure",
    "ErasureKey",
    "ErrorRecord",
    "FeedEvent",
    "Heartbeat",
    "LegalHold",
    "PurgeRun",
    "Switch",
    "VaultValue",
]
