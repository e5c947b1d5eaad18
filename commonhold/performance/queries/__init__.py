"""What pages, downloads and commands need of performance, fetched completely."""
