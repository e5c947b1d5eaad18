"""Why two figures differ: two lists of tickets led from one to the other, cause by cause, until nothing is left."""
