"""Clinics, and the walls between them.

Owns Clinic, Domain, the BAA, ProviderAccount, provisioning, the isolating database backend, ClinicTask and the
due-queue. Must never know a patient.
"""
