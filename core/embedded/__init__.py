"""PostgreSQL and Valkey from Python wheels, run by ourselves for a machine that has neither.

The wheels only give the programs. Their own start-up code is not used: as root it opens parents of the data folder
to other accounts, and its lock lies in the shared temporary folder (see docs/adr).
"""

from core.embedded.errors import ServerError
from core.embedded.postgres import EmbeddedPostgres
from core.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey", "ServerError"]
