"""The form of each step as a table: what it asks, what it says, and which service takes the step."""

from models.lifecycle import Verb
from pages.issues.parts.form import Form
from pages.issues.parts.forms_arriving import ARRIVING
from pages.issues.parts.forms_handling import HANDLING
from pages.issues.parts.forms_signalling import SIGNALLING
from pages.issues.parts.forms_verifying import VERIFYING
from pages.issues.parts.pressed import Take

FORMS: dict[Verb, Form] = {**ARRIVING, **HANDLING, **VERIFYING, **SIGNALLING}
"""Steps a person takes on the page, as menus list them; the call-back's form also takes `Verb.REDO`."""


def take_of(verb: Verb) -> Take:
    """Return what takes a step."""
    return FORMS[verb].take
