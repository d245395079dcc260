"""A contact that lost every category and has one again: its mail comes back under a label, wherever it lies."""

import pytest

from tests.functions.labeler.house import OPEN, WON, LabelHouse


@pytest.mark.parametrize("noticed", [True, False])
def test_mail_that_lost_its_label_is_found_again_in_the_archive(noticed: bool) -> None:
    house = LabelHouse({"ana": OPEN}, old=[] if noticed else ["ana"])
    (message,) = house.receive("ana") if noticed else house.old
    # The user's own archive: never in our hands, so it stays as it is.
    archived = house.account.receive("stranger@client.example", ())
    house.tick()
    for deals in ((), WON):
        house.put("ana", deals)
        house.tick()

    assert house.category(message) == {"customers"}
    assert house.account.labels_of(archived) == frozenset()
