"""Katas in the website's pages: what runs there, and how it is built and proven.

Other rooms use `build` for the site, `marks` for what a page says of a kata, and
`proof` for `kata verify --page`. `inside/` is what runs in a page's Python: nothing in
it, or in what it imports, knows a process, IPython or Typer. `web/` is what runs in the
browser.
"""
