"""How much a batch may do: requests at once and a second, attempts of a job, pictures in all."""
