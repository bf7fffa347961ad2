"""Vendor clients without tables, and their webhook signature checks.

One room a vendor, all alike: send, ask, verify, parse, and one error type that says whether the
message can have left. Knows neither why it is called nor what the messages mean. Never logs a
number, an address or a text: ids and codes only.
"""
