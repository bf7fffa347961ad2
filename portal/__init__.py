"""The patient's own pages at /portal/: sign-in by code, the home composed of cards, and what a patient may do alone.

It holds codes on their way and patients' sessions. It must never hold a rule of care or of booking: those are asked for
below, and a patient passes the same gate as everybody else. A staff session opens nothing here, nor this one the desk.
"""
