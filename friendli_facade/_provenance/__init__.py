"""How a picture was made, and the picture's file, come in; the same file that tells it goes out.

And back. Uses `_rules` and nothing of the client.
"""
