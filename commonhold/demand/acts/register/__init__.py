"""What changes the register of grave incidents: opening, telling, writing up, remarking."""
