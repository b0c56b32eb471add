"""The pictures that the demonstration edits, and the program that drew them."""
