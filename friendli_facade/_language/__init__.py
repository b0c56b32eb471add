"""What Python leaves to its users: named arguments, values not given, late making, threads."""
