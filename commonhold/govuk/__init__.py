"""The pages' shell: base page, form fields that render themselves, macros, filters, static files."""
