"""Writing the record and the outbox, and sealing what was written."""

from audit.services.records import CHANNEL, RecordNotWritten, audit_record, change_announce, changes_announce

__all__ = ["CHANNEL", "RecordNotWritten", "audit_record", "change_announce", "changes_announce"]
