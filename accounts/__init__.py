"""Staff and platform users: roles and rights, sign-in, second factor, sessions, API tokens.

The same app lives in the public schema (platform staff) and in each clinic's (its own staff), so a password, a
session and a token mean nothing next door. Must never know a location or a patient.
"""
