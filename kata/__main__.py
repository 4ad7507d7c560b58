"""`python -m kata`: the command line, also where its folder is not on the PATH."""

from kata.cli import main

if __name__ == "__main__":
    main()
