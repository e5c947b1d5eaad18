"""The demonstration: three fictional authorities, their people, three years of tickets, and what they resolved."""
