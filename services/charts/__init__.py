"""Charts: the look they share, and pictures of them made on the server."""

from services.charts.rendering import Form, PictureError, pictures, png, svg

__all__ = ["Form", "PictureError", "pictures", "png", "svg"]
