"""What the agreement says, as plain values: rules with their checks, and who must consent to them."""
