"""The work behind the commands in this folder: a package for each of their jobs."""
