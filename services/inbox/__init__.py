"""What people see of reminders: their messages, why they got them, and what was told about a subject."""
