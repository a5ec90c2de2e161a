"""Many people at work at once: real websocket sessions of every role, what they wait for and what each costs.

`crowd` is a process of its own that speaks for all of them; `journeys` says what each role does; `watching` reads
memory and processor time of the product's processes meanwhile; `measuring` holds it all together.
"""

from bench.load.measuring import measure
from bench.load.report import as_text

__all__ = ["as_text", "measure"]
