"""Forms that people agree to: their versions, what each service asks for, signatures, receipts, withdrawals.

Owns the exact text that somebody signed and the proof of it. Must never know a price, a photo or a note, and never
change a text that was signed: a new version stands beside the old.
"""
