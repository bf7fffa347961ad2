"""Kept beside the tests that cross apps; the fixtures themselves are in tests.harness, loaded for every app."""
