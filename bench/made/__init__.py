"""What several benches are given: installations, desks of any size, and pages that are walked."""
