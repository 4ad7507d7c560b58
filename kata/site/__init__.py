"""The course as a website: pages in Markdown, made from what the course holds.

Other rooms use `build` (`write`, `render`, `up_to_date`) and `handouts.make`.
"""
