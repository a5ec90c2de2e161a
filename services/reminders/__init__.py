"""Reminders: planned by rules in the transaction that causes them, delivered by workers, told on pages."""
