"""What pages, downloads and commands need of demand, fetched completely."""
