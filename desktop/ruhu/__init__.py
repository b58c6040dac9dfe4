"""Ruhu 入户: household surveys, checks, slips and bundles without a network."""

__version__ = "0.1.0"
