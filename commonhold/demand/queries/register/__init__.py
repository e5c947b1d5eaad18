"""What is read of the register of grave incidents."""
