"""Figures of what tickets do not tell: readings that are brought from telephones, sites, surveys and registers."""
