"""Errors a person is meant to read."""

from core.i18n import N_, gettext


class UserError(Exception):
    """Something the person asked for cannot be done; nothing was changed.

    Args:
        message: an English message id of the catalogue, marked with `N_`, with `{name}` places.
        **params: what fills those places.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        """Return the text in the language of the person being served."""
        return gettext(self.message).format(**self.params)


class PassingError(UserError):
    """It may well go better later, without anybody's doing anything: owed work is tried again, not given up."""


class NotAllowedError(UserError):
    """The account may not do this."""

    def __init__(self, message: str = N_("Your account may not do this."), **params: object) -> None:
        super().__init__(message, **params)


class NotSignedInError(UserError):
    """The session has ended since the page was opened: pages answer it by showing the sign-in page."""

    def __init__(self, message: str = N_("You are no longer signed in."), **params: object) -> None:
        super().__init__(message, **params)


class NotFoundError(UserError):
    """The row does not exist, or the account may not see it: the two are told alike on purpose."""

    def __init__(
        self, message: str = N_("This entry does not exist or is not visible to you."), **params: object
    ) -> None:
        super().__init__(message, **params)


class ConflictError(UserError):
    """Somebody else was quicker."""


class InvalidError(UserError):
    """One or more fields are not acceptable.

    Args:
        problems: field key → message already in the person's language.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(N_("Please correct the marked fields."))
        self.problems = problems

    def __str__(self) -> str:
        """Return every field's message, one a line."""
        return "\n".join(self.problems.values())
