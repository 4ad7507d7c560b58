"""The course as a website: pages in Markdown, made from what the course holds."""
