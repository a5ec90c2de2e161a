"""Who is acting."""

from dataclasses import dataclass

from models.account import Role


@dataclass(frozen=True)
class Actor:
    """The person (or the system itself) on whose behalf a use case runs; made afresh for every page run."""

    account_id: int | None
    name: str
    role: Role | None
    area_paths: tuple[str, ...] = ()
    """Paths of the areas the person is responsible for: a lead's team areas, a worker's grid."""
    team_ids: tuple[int, ...] = ()
    """Teams the person leads or belongs to."""
    department_id: int | None = None
    locale: str = ""
    session_id: int | None = None
    must_change_password: bool = False
    ip: str = ""

    @property
    def is_system(self) -> bool:
        """Whether this is the product itself: a worker or the command line."""
        return self.account_id is None and self.role is None

    @property
    def pk(self) -> int:
        """The account's id.

        Raises:
            ValueError: the system has no account.
        """
        if self.account_id is None:
            raise ValueError("the system has no account")
        return self.account_id


SYSTEM = Actor(account_id=None, name="system", role=None)
