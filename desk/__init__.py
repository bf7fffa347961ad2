"""Composite pages of the staff: today, the patient's page, global search. Holds no rules; composes explicit lists."""
