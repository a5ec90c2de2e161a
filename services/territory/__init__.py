"""How the programme stands place by place: the figures of what lies below an area, and its enterprises on a map."""
