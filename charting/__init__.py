"""What is done in the room: encounters, history, notes, injections, laser sessions, plans, and the gate before them.

Owns the clinical record and what makes it stand up: signatures, locks, addenda, co-signatures, reasons. Must never
decide about money, know of campaigns, or be reached by marketing, insights or the AI front desk.
"""
