"""Service teams (政务服务队): who leads and belongs to them, who is away.

`entity` declares them, `overview` shows them, `members` changes who belongs to them, `leading` who leads them, `leave`
keeps days of leave, `joining` is what an import does.
"""

from services.teams.entity import TEAMS
from services.teams.joining import join, lead, members_changed_at, present_members

__all__ = ["TEAMS", "join", "lead", "members_changed_at", "present_members"]
