"""Commonhold: how several public authorities run one shared ICT service together."""

__version__ = "0.1.0"
