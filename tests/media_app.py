"""The product, whose memory holds files of all kinds as if pages had shown them; served to a web test only."""

from starlette.types import Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import get_extension_for_mimetype

from app import app as product

FILES = {
    "text/html": b"<script>document.title = 'mine'</script>",
    "image/svg+xml": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "application/pdf": b"%PDF-1.7",
    "image/webp": b"RIFF",
    "video/mp4": b"ftyp",
}


def address(media_type: str) -> str:
    """Return where Streamlit serves one of the files."""
    from streamlit.runtime.memory_media_file_storage import _calculate_file_id

    return f"/media/{_calculate_file_id(FILES[media_type], media_type)}{get_extension_for_mimetype(media_type)}"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Fill the memory before a request for it; everything else is the product's."""
    if scope["type"] == "http" and scope["path"].startswith("/media/"):
        storage = get_instance()._media_file_mgr._storage
        for media_type, content in FILES.items():
            storage.load_and_get_id(content, media_type, MediaFileKind.MEDIA)
    await product(scope, receive, send)
