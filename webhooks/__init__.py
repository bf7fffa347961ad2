"""Owns what the clinic's other programs are told by webhook: endpoints, events and their deliveries.

Must never put a person into a payload: ids, times and states only; whoever may know more asks the API.
"""
