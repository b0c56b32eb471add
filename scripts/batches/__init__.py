"""Batches put to the test: how fast they are, killed over and over, and refused."""
