"""Partners, people, posts, appointments, sign-in, the agreement's rules, consent, telling people."""
