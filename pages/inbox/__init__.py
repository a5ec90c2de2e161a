"""Messages: the reminders a person was told."""
