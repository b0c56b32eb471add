"""From the pages in `docs/` to a site in `build/site`: pictures drawn, links held, looked over."""
