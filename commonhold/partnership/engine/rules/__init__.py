"""The shared rules: one frozen value per kind of rule, with its checks and its JSON form."""
