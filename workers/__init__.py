"""Dramatiq broker, thin actors and the scheduler."""
