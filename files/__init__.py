"""Sealed files: looked at and sealed while they arrive, kept in the object store, opened whole or not at all.

Owns the way in, the way out and the store. Must never decode or render what a file holds, keep a clear byte on a disk, or
know what a file is of: photos and documents stand above, and each says whose key seals and who may open.
"""
