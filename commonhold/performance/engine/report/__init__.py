"""What is said about the figures of a period before they are published: about what, what owes words, how far it is."""
