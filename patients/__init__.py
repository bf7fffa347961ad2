"""The person: identity, contact points, claimed and verified persons, search.

Owns Person, ContactPoint and NameToken; every name, birth date, number and address is sealed under the
person's own key. Must never know what was done to a person: visits, notes and bills point here, and nothing
here points at them.
"""
