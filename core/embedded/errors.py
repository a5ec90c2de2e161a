"""The one error of embedded servers."""

from core.errors import UserError


class ServerError(UserError):
    """An embedded server cannot run; the text is one sentence that says why and what to do."""
