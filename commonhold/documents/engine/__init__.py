"""What a document is, as plain values, and the charts it may hold, as Vega-Lite specifications."""
