"""Two values are shown so that one sees where they part."""

from collections.abc import Callable

from tests.helpers.bench import GREET, Bench, problem


def test_two_values_that_nearly_match_are_marked_where_they_part(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
def test_it():
    """Spaces are single."""
    from waybill.hello import greet

    got = greet("Ada")
    assert got == "Hello, Ada!", f"The greeting was {got!r}; wanted is 'Hello, Ada!'."
'''
    verdict = bench("greeting.name").run(checks, GREET.format("f'Hello,  {name}!'"))
    assert problem(verdict).parting == (
        "'Hello,  Ada!'",
        "'Hello, Ada!'",
        "        ^",
    )


def test_of_two_large_values_only_the_place_is_shown_where_they_part(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
def test_it():
    """Many are greeted."""
    from waybill.hello import greet

    wanted = [{"id": n, "to": {"name": f"Hello, {n}"}} for n in range(50)]
    assert [{"id": n, "to": {"name": greet(n)}} for n in range(50)] == wanted, "No."
'''
    cell = GREET.format("f'Hello, {name}' if name != 40 else 'Hello 40'")
    assert problem(bench("greeting.name").run(checks, cell)).parting == (
        "At [40]['to']['name']:",
        "is      'Hello 40'",
        "wanted  'Hello, 40'",
        "              ^",
    )
