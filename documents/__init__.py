"""Papers of a patient: referrals, results, cards, earlier records. Sealed as they arrive, saved and never shown by us.

Owns the documents of a record, from the staff and from the patients themselves, and their release to the portal. Must
never read or render one; must never show a clinical one to whom the record is closed.
"""
