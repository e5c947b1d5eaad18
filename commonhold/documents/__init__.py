"""One document - headings, paragraphs, tables, figures, charts - as HTML and as tagged PDF."""
