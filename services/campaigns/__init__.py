"""Campaigns: what they are, whom they mean to visit, the form their visits are recorded on, how far they are.

`setup` makes and changes them, `states` moves them from draft to finished, `targets` chooses enterprises, `forms`
keeps the visit form and its versions, `progress` counts, `answers` sums up what visits brought back.
"""

from services.campaigns.setup import CAMPAIGNS

__all__ = ["CAMPAIGNS"]
