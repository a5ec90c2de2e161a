"""Reading the audit log: searching it, and taking it out as a workbook. `services.audit_trail` writes it."""

from services.audit.labels import entities, verbs
from services.audit.reading import AuditQuery, Change, Entry, export, search

__all__ = ["AuditQuery", "Change", "Entry", "entities", "export", "search", "verbs"]
