"""Jupyter's libraries without a grammar that they would build and never use.

jsonschema takes it to tell what an IRI is, if the package is there, and importing that
builds it: 1.4 s of computing, whenever JupyterLab starts, a master runs, or pytest
loads nbval. No schema of Jupyter's asks for an IRI. Import this before those do.
"""

import sys

vars(sys)["modules"].setdefault("rfc3987_syntax", None)  # the types know modules only
