"""The staff's pages of forms."""
