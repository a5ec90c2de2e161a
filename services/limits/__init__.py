"""How long each stage may take: the most specific row counts."""

from services.limits.finding import Finder, NoLimitError, finder, limit_for, specificity

__all__ = ["Finder", "NoLimitError", "finder", "limit_for", "specificity"]
