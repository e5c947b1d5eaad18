"""One document - headings, tables, figures, charts - as HTML and tagged PDF."""
