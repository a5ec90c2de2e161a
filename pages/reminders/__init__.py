"""What administrators set up and watch of reminders."""
