"""The platform's public site. Knows no clinic's data."""
