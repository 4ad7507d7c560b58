"""The front end in Jupyter: cell options, magics, names, and the kernel.

Other rooms use `kernel` and `auto`, which install it, and `namespace`, which needs no
Jupyter. `%load_ext kata` calls `extension.load`, which sets up `cell_options` and
`magics`. What these share is in `session`, and where the notebook lies in `place`.
"""
