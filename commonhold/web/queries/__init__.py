"""What the shell's own pages join from the apps: who reads, home, search, my page."""
