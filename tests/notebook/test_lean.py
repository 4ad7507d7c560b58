"""What Jupyter's libraries leave out, so that they are imported at once."""

import subprocess
import sys

LEAN = "import kata.notebook.lean, nbformat, jsonschema, sys"
SCHEMA = "{'type': 'string', 'format': 'uri'}"
REFUSED = f"""\
{LEAN}
checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
validator = jsonschema.Draft202012Validator({SCHEMA}, format_checker=checker)
print('lark' in sys.modules, [validator.is_valid(one) for one in ('http://a', 'a b')])
"""


def test_the_grammar_is_not_built_and_other_formats_are_still_checked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, check=True
    )
    assert done.stdout.split(maxsplit=1) == ["False", "[True, False]\n"]
