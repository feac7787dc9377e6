"""Measures the portal beside raw SQL and beside its peers: `make bench`. Nothing of the portal imports it."""
