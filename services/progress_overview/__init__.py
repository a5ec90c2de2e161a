"""The overview for those who answer for the whole: what they ask of it, and every figure of it with its rows."""

from services.progress_overview.choosing import choices
from services.progress_overview.looking import Overview, forget, look
from services.progress_overview.question import Period, Question, Setting, ask

__all__ = ["Overview", "Period", "Question", "Setting", "ask", "choices", "forget", "look"]
