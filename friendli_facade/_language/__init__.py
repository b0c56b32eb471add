"""What Python leaves to its users: named arguments alone, values not given, late making, threads."""
