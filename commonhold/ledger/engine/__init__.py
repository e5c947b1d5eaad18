"""The record's rules on plain values: canonical bytes, the Merkle log, checkpoints, verification, and who acts."""
