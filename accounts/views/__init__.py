"""Pages of the sign-in and of one's own account."""
