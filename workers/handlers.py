"""Which service does the work of which outbox topic: the one table."""

from collections.abc import Callable, Mapping
from typing import Any

from services import upkeep
from services.backups import planning as backups
from services.bulletin import building
from services.importing import runs, work
from services.issues import pausing, reviewing_shelved
from services.notices import sending, writing
from services.reminders import noticing, replanning
from services.tallies import keeping

Handler = Callable[[dict[str, Any]], None]
"""Does one message's work, given its payload; may be called again after a crash, so it must not mind that."""

HANDLERS: Mapping[str, Handler] = {
    upkeep.TOPIC: upkeep.run,
    runs.CHECK: work.check,
    runs.APPLY: work.apply,
    pausing.RESUME: reviewing_shelved.take_up,
    noticing.REPLAN: replanning.run,
    sending.SEND: writing.write,
    sending.FINISH: writing.finish,
    keeping.TOPIC: keeping.run,
    building.TOPIC: building.run,
    backups.TOPIC: backups.run,
}
