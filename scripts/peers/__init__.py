"""Names of other people's programs in; out come those programs, in exact versions. Uses no room."""
