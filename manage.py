#!/usr/bin/env python
"""Django's usual entrance; `commonhold` is the same with the exit codes of docs/guide/commands.md."""

from commonhold.__main__ import main

if __name__ == "__main__":
    main()
