"""Medical history without a database: the clinic's own list of codes, and what a statement may say."""
