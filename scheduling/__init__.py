"""Busy time and visits: occupancy, availability, holds, appointments, reminders.

Owns the one gate through which time is taken (`occupancy.occupy`) and everything that is said of a visit. Must never
know what was done in it; must never take a resource's time by any other way.
"""
