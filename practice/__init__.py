"""What a clinic says of itself: its profile, places, hours, providers, rooms, devices, services, policies.

Owns Location, Resource, Provider, Room, Device, Service, Posting and the clinic's own public pages.
Must never know a patient: a resource of kind `patient` is a number here and nothing more.
"""
