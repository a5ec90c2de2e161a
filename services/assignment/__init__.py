"""Who visits whom and when: what is open, giving it to members, moving it, taking it back, and a suggested plan."""

from services.assignment.assigning import OnLeaveError, Outcome, Placement, Taken, assign, move, restore, take_back
from services.assignment.board import Board, Filters, Member, Target, board
from services.assignment.opened import Among, OpenVisit, OpenVisits, open_visits
from services.assignment.suggesting import PER_DAY, Line, crowded, suggest

__all__ = [
    "PER_DAY",
    "Among",
    "Board",
    "Filters",
    "Line",
    "Member",
    "OnLeaveError",
    "OpenVisit",
    "OpenVisits",
    "Outcome",
    "Placement",
    "Taken",
    "Target",
    "assign",
    "board",
    "crowded",
    "move",
    "open_visits",
    "restore",
    "suggest",
    "take_back",
]
