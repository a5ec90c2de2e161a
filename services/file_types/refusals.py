"""Why a file is refused, in sentences that say what to do."""

from core.errors import UserError
from core.i18n import N_

UNKNOWN = N_(
    "“{name}” cannot be attached. Accepted are photos (JPEG, PNG, WebP, GIF), PDF and OFD, Word, Excel and "
    "PowerPoint, sound (MP3, M4A, WAV, AMR) and video (MP4, MOV, WebM)."
)
NO_PHOTO = N_("“{name}” is not a photo. JPEG, PNG, WebP and GIF are accepted.")
NOT_HERE = N_("“{name}” is neither a photo nor a document. Photos, PDF, OFD and office files are accepted here.")
DISGUISED = N_("“{name}” is not what its name says: by its content it is {kind}. Give it its right ending first.")
MACROS = N_("“{name}” contains macros. Save it without them, as .docx, .xlsx or .pptx, or as PDF.")
PASSWORD = N_("“{name}” is protected by a password, so nobody could check or read it. Save it without one.")
BURSTS = N_("“{name}” would unpack to far more than it should and is refused.")
DAMAGED = N_("“{name}” is damaged or incomplete. Open it, save it again, and attach that.")
TWO_IN_ONE = N_("“{name}” has another file hidden inside and is refused.")
TOO_LARGE = N_("“{name}” is larger than {limit} MB, the most for files of this kind.")


class RefusedError(UserError):
    """A file is not accepted; it was not kept.

    Args:
        message: one of the texts of this module.
        **params: what fills its places besides `name`, which `recognised` adds.
    """

    def named(self, name: str) -> "RefusedError":
        """Return the same refusal with the name of the file."""
        return RefusedError(self.message, **{**self.params, "name": name})
