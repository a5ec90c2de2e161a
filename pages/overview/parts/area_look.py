"""The colours of visits and issues, the same in bars and on the map."""

from core.i18n import N_
from services.charts import style
from services.territory.points import Reached

REACHED: dict[Reached, str] = {
    Reached.NEVER: "#9aa7b8",
    Reached.NOT_MET: "#8a5a00",
    Reached.PLANNED: "#56a0e9",
    Reached.MET: style.GOOD,
    Reached.OVERDUE: style.BAD,
}
"""How far a campaign is with an enterprise → its colour; on the map what comes later lies on top."""
ISSUES: dict[str, tuple[str, str]] = {
    "overdue": (N_("Overdue issues"), style.BAD),
    "in_time": (N_("Open, not overdue"), style.WARNING),
}
"""What of open issues is told → its name and colour."""
OTHERS = "#dfe4ec"
"""The colour of what the map is not about."""
