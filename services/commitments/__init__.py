"""Commitments (告知承诺制): what an enterprise undertook when it was approved, followed until it is made good."""

from services.commitments.due import SOON, Due, due
from services.commitments.entity import COMMITMENTS
from services.commitments.fulfilling import fulfil, take_back
from services.commitments.listing import Shown
from services.commitments.standing import Commitment, standing

__all__ = ["COMMITMENTS", "SOON", "Commitment", "Due", "Shown", "due", "fulfil", "standing", "take_back"]
