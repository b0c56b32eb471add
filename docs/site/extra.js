// What is wider than the page can be scrolled by keys too.
for (const wide of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}
