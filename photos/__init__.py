"""Clinical photos: sealed as they arrive, opened whole or not at all, shown to whom the record is open.

Owns the sealed files, their sets and their release. Must never decode an image, hand one to a model, or keep a clear
byte on a disk; must never know of notes or treatments: those stand above and name photos by id.
"""
