"""Labelled posts of nobody, and the programs that make more of them."""
