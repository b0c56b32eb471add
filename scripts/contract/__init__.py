"""OpenAPI documents in, of whatever spelling; out comes one canonical contract. Uses no room."""
