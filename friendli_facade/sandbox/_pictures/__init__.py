"""Pictures: what a request says of them in, Pillow's images and encoded files out.

Uses `_messages` alone, and no other folder of the sandbox.
"""
