"""The append-only, chained trail of who did and who saw what, and the request's buffer of reads.

Holds no foreign key to anything: the trail outlives what it tells of.
"""
