"""Services, tickets, the service-level clock, projects, imports."""
