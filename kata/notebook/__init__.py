"""The front end in Jupyter: cell options, magics, names, and the kernel."""
