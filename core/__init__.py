"""Foundations with no word of the domain: settings, database, clock, language, logs, embedded servers."""
