"""Journeys through a real Chromium, on clinics of their own."""
