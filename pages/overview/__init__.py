"""Progress of the programme, both ways."""
