"""Dramatiq broker, thin actors and the scheduler: what `dramatiq workers` loads."""

from workers import actors, delivering
from workers.broker import broker

__all__ = ["actors", "broker", "delivering"]
