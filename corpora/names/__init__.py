"""Sentences with names in them, from a grammar, and lists of names: what the names pipeline is trained with."""
