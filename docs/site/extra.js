// What is wider than the page can be scrolled by keys too; the theme takes that away again where
// there is no mouse.
for (const wide of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
  const hold = () => {
    if (wide.tabIndex < 0 && wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  };
  new MutationObserver(hold).observe(wide, { attributeFilter: ["tabindex"] });
  hold();
}
