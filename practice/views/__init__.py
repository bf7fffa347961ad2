"""Pages: what the clinic shows of itself to anyone, and the settings in which staff change it."""
