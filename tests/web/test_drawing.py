"""Names beside bars are cut to their room, whatever their letters; the whole name stands in the picture as well."""

from decimal import Decimal

import pytest

from ccezone.web.shell.drawing import Group, bars


def label(name: str) -> tuple[str, str]:
    """The name beside a bar, and the whole of it."""
    [found] = bars("p", "", "", ["export"], [Group(name, [Decimal(1)], ["1"])]).labels
    return found.text, found.whole


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("赣州悦容美妆进口有限公司", "赣州悦容美妆进口有限公司"),
        ("赣南木语家居跨境电商有限公司", "赣南木语家居跨境电商有限公…"),
        ("Gannan Muyu Home E-commerce Co., Ltd.", "Gannan Muyu Home E-c…"),
        ("WWWWWWWWWWWWWWWWWWWW", "WWWWWWWWWWWWWW…"),
        ("Lilly & Till Ltd.", "Lilly & Till Ltd."),
    ],
)
def test_a_name_is_cut_to_the_room_its_letters_leave(name: str, shown: str) -> None:
    assert label(name) == (shown, name)
