"""Parsing what is typed on the pages of the clinical record."""
