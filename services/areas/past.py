"""The tree of a past moment: figures of a month are counted in the tree of that month."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from models.area import AreaPlacement


def path_at(session: Session, area_id: int, moment: datetime) -> str | None:
    """Return an area's path at a moment; `None` if it was not in the tree then. Part of the caller's use case."""
    statement = select(AreaPlacement.path).where(AreaPlacement.area_id == area_id, _valid(moment))
    return session.exec(statement.order_by(col(AreaPlacement.id).desc())).first()


def placed(area_id: Any, moment: Any) -> ColumnElement[bool]:
    """Return the condition that joins `AreaPlacement` to rows by their area and moment.

    `select(…).join(AreaPlacement, placed(Visit.area_id, Visit.recorded_at))` gives each visit the path its area had
    when the visit was recorded; `AreaPlacement.path.startswith(street.path)` then counts it where it belonged.

    Args:
        area_id: the rows' column of the area.
        moment: the rows' column of the moment.
    """
    return and_(col(AreaPlacement.area_id) == area_id, _valid(moment))


def _valid(moment: Any) -> ColumnElement[bool]:
    ends = col(AreaPlacement.valid_to)
    return and_(col(AreaPlacement.valid_from) <= moment, or_(ends.is_(None), ends > moment))
