"""Tickets, their history and the service-level clock, as plain values."""
