"""Areas: the tree of tiers, and where each area stood in it when.

`entity` declares and plants them, `tree` walks and searches the tree, `moving` moves a branch after a preview, `past`
says where an area stood at a moment, for figures of a past month.
"""

from services.areas.entity import AREAS

__all__ = ["AREAS"]
