// What is wider than the page can be scrolled by keys too. The theme wraps tables when it starts, and
// takes the focus from code where there is no mouse.
const hold = () => {
  for (const wide of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
    if (wide.tabIndex < 0 && wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
};
new MutationObserver(hold).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["tabindex"],
});
hold();
