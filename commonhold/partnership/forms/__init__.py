"""What people enter about the partnership, its agreement and their accounts."""
