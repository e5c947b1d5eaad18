"""The shell: settings, addresses, home, search, errors, the demonstration, and the commands that join apps."""
