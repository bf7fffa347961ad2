"""What people, programs and strangers send that is wrong, and a few things that only look it: one table, by kind."""
