"""The pages that patients open: choosing, holding, booking, and the living link of a visit.

Nothing is decided here: times come from `availability`, everything that is written goes through `actions`. Each page
works by plain links and forms; script only makes it quicker.
"""
