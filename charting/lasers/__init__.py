"""Laser and tattoo sessions: the figures of a session, how many a tattoo may need, and what is a jump."""
