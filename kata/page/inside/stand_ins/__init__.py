"""Stand-ins for what Python lacks in a page: threads, greenlets, sockets, C libraries.

The libraries of the course run unmodified on them. They touch private names of pinned
versions, so `kata verify --page` runs every kata on them. `install.install` puts them
all in place; it has to be called once, before any code of a learner is imported.
"""
