"""Backups: the database as of one moment and every file it refers to, in one archive; and the way back.

Nothing but rows is taken from the database: the tables themselves are made by the migrations the backup names, so an
archive can be restored by this release and by later ones, on any PostgreSQL they run on (docs/adr/0015).
"""
