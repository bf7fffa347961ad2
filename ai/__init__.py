"""The only door to a language model: the gateway, its ledger, every opt-out, and the rules that answer without a model.

Owns what is asked of a model and what came back. Must never know a patient, only a subject (an id and a key), never
see an image, and never act by itself: what it drafts counts for nothing until a person has approved it.
"""
