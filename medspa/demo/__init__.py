"""The demo: two invented clinics with staff, services, people and weeks of visits. Never in production."""
