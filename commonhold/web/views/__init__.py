"""The pages of the shell itself: home, my page, search, glossary, health, and what went wrong."""
