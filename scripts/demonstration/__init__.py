"""Two pictures come in; what all four operations make of them on the sandbox goes out.

Uses `contract`, for the root of the tree.
"""
