"""What a Gmail port promises, for the fake account and for the adapter on the Gmail emulator."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.domain.mail import MailMetadata
from shared.domain.mailbox import GmailLabel
from shared.errors import AppError, Conflict, LabelGone, NotFound
from shared.ports.gmail import History, HistoryExpired
from tests.contracts.gmail_under_test import GmailUnderTest, emulated_account, fake_account
from tests.local.gmail.running import Running, running, seed_of

ANA, BEN = "ana@client.example", "ben@client.example"
EMAILS = tuple(f"user{number}@example.com" for number in range(50))
MISSING = "00000000000000ff"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(seed_of(*EMAILS)) as server:
        yield server


@pytest.fixture(scope="module")
def unused() -> Iterator[str]:
    """Accounts that no test has met."""
    return iter(EMAILS)


def _added(account: GmailUnderTest, cursor: int) -> list[str]:
    history = account.gmail.history(cursor)
    assert isinstance(history, History)
    return [message.id for message in history.added]


def _labels(account: GmailUnderTest, message_id: str) -> frozenset[str]:
    found = account.gmail.get_metadata([message_id], ["From"])[message_id]
    assert isinstance(found, MailMetadata)
    return found.label_ids


class GmailContract:
    """The rules. Subclasses give the fixture `account`."""

    def test_the_profile_names_the_account(self, account: GmailUnderTest) -> None:
        assert account.gmail.address_and_cursor()[0] == account.address

    def test_cursors_grow_and_are_integers_beyond_what_a_float_can_tell_apart(
        self, account: GmailUnderTest
    ) -> None:
        _, before = account.gmail.address_and_cursor()
        account.receive(ANA)
        _, after = account.gmail.address_and_cursor()
        assert 2**53 < before < after

    def test_history_names_what_came_after_the_cursor_and_nothing_before(
        self, account: GmailUnderTest
    ) -> None:
        account.receive(ANA)
        _, cursor = account.gmail.address_and_cursor()
        later = [account.receive(ANA), account.receive(BEN)]
        assert _added(account, cursor) == later

    def test_history_from_its_own_cursor_is_empty(self, account: GmailUnderTest) -> None:
        _, cursor = account.gmail.address_and_cursor()
        account.receive(ANA)
        history = account.gmail.history(cursor)
        assert isinstance(history, History)
        assert account.gmail.history(history.cursor) == History((), history.cursor)

    def test_history_tells_the_labels_of_a_new_message(self, account: GmailUnderTest) -> None:
        _, cursor = account.gmail.address_and_cursor()
        account.receive(ANA)
        history = account.gmail.history(cursor)
        assert isinstance(history, History)
        assert [message.label_ids for message in history.added] == [{"INBOX", "UNREAD"}]

    def test_a_change_of_labels_is_no_new_message(self, account: GmailUnderTest) -> None:
        message_id = account.receive(ANA)
        _, cursor = account.gmail.address_and_cursor()
        account.gmail.modify([message_id], remove=["INBOX"])
        assert _added(account, cursor) == []

    def test_expired_history_is_a_value(self, account: GmailUnderTest) -> None:
        _, cursor = account.gmail.address_and_cursor()
        account.receive(ANA)
        account.forget_history()
        assert account.gmail.history(cursor) == HistoryExpired()

    def test_a_message_deleted_meanwhile_is_named_and_not_found(self, account: GmailUnderTest) -> None:
        _, cursor = account.gmail.address_and_cursor()
        message_id = account.receive(ANA)
        account.delete(message_id)
        assert _added(account, cursor) == [message_id]
        with pytest.raises(NotFound):
            account.gmail.get_mail(message_id)

    def test_a_watch_begins_at_the_present_cursor_and_lasts_a_week(self, account: GmailUnderTest) -> None:
        account.receive(ANA)
        watch = account.gmail.watch("projects/crm-gmail/topics/gmail")
        assert watch.cursor >= account.gmail.address_and_cursor()[1]
        again = account.gmail.watch("projects/crm-gmail/topics/gmail")
        assert timedelta(0) <= again.expires_at - watch.expires_at < timedelta(minutes=1)
        assert _added(account, watch.cursor) == []

    def test_a_watch_can_be_stopped_twice(self, account: GmailUnderTest) -> None:
        account.gmail.watch("projects/crm-gmail/topics/gmail")
        account.gmail.stop_watch()
        account.gmail.stop_watch()

    def test_an_empty_mailbox_lists_nothing(self, account: GmailUnderTest) -> None:
        page = account.gmail.list_messages()
        assert (page.ids, page.next_page_token) == ((), None)

    def test_lists_are_newest_first_and_come_in_pages(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA) for _ in range(5)]
        found: list[str] = []
        token: str | None = None
        sizes = []
        while True:
            page = account.gmail.list_messages(limit=2, page_token=token)
            found += [message_id for message_id, _ in page.ids]
            sizes.append(len(page.ids))
            token = page.next_page_token
            if token is None:
                break
        assert sorted(found) == sorted(ids)
        assert found[-1] == ids[0]
        assert sizes == [2, 2, 1]

    def test_a_list_can_be_narrowed_to_labels(self, account: GmailUnderTest) -> None:
        label = account.gmail.create_label("Customers")
        kept, _ = account.receive(ANA), account.receive(ANA)
        account.gmail.modify([kept], add=[label.id])
        page = account.gmail.list_messages(label_ids=[label.id])
        assert [message_id for message_id, _ in page.ids] == [kept]

    def test_a_list_by_a_label_that_is_gone_says_so(self, account: GmailUnderTest) -> None:
        label = account.gmail.create_label("Customers")
        account.gmail.delete_label(label.id)
        with pytest.raises(LabelGone):
            account.gmail.list_messages(label_ids=[label.id])

    def test_a_search_after_a_moment_finds_only_later_mail(self, account: GmailUnderTest) -> None:
        message_id = account.receive(ANA)
        received = account.gmail.get_mail(message_id).metadata.received_at.timestamp()
        before, later = int(received) - 10, int(received) + 10
        assert len(account.gmail.list_messages(query=f"after:{before}").ids) == 1
        assert account.gmail.list_messages(query=f"after:{later}").ids == ()

    def test_each_message_has_its_own_outcome(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA), account.receive(BEN)]
        found = account.gmail.get_metadata([ids[0], MISSING, ids[1]], ["From"])
        assert [type(found[key]) for key in (ids[0], MISSING, ids[1])] == [
            MailMetadata,
            NotFound,
            MailMetadata,
        ]

    def test_a_single_missing_message_is_an_outcome_too(self, account: GmailUnderTest) -> None:
        found = account.gmail.get_metadata([MISSING], ["From"])
        assert isinstance(found[MISSING], NotFound)

    def test_metadata_carries_the_headers_that_were_asked_for_and_no_other(
        self, account: GmailUnderTest
    ) -> None:
        ids = [account.receive(ANA), account.receive(BEN)]
        found = account.gmail.get_metadata(ids, ["FROM"])
        headers = [mail.headers for mail in found.values() if isinstance(mail, MailMetadata)]
        assert [[(h.name.lower(), h.value) for h in each] for each in headers] == [
            [("from", ANA)],
            [("from", BEN)],
        ]

    def test_more_messages_than_a_batch_holds_all_come(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA) for _ in range(27)]
        found = account.gmail.get_metadata(ids, ["From"])
        assert {key for key, mail in found.items() if isinstance(mail, MailMetadata)} == set(ids)

    def test_a_mail_and_its_thread_are_read_whole(self, account: GmailUnderTest) -> None:
        message_id = account.receive(ANA)
        mail = account.gmail.get_mail(message_id)
        assert mail.metadata.first("From") == ANA
        assert mail.root.body
        thread = account.gmail.get_thread(mail.metadata.thread_id)
        assert [row.metadata.id for row in thread] == [message_id]

    def test_a_missing_mail_or_thread_is_not_found(self, account: GmailUnderTest) -> None:
        with pytest.raises(NotFound):
            account.gmail.get_mail(MISSING)
        with pytest.raises(NotFound):
            account.gmail.get_thread(MISSING)

    def test_a_new_label_is_listed(self, account: GmailUnderTest) -> None:
        label = account.gmail.create_label("Deals Closing This Month")
        assert label in account.gmail.list_labels()
        assert GmailLabel("INBOX", "INBOX") in account.gmail.list_labels()

    @pytest.mark.parametrize("again", ["Customers", "CUSTOMERS"])
    def test_a_name_that_is_taken_is_a_conflict(self, account: GmailUnderTest, again: str) -> None:
        account.gmail.create_label("Customers")
        with pytest.raises(Conflict):
            account.gmail.create_label(again)

    def test_a_deleted_label_leaves_its_messages(self, account: GmailUnderTest) -> None:
        label = account.gmail.create_label("Customers")
        message_id = account.receive(ANA)
        account.gmail.modify([message_id], add=[label.id], remove=["INBOX"])
        account.gmail.delete_label(label.id)
        assert _labels(account, message_id) == {"UNREAD"}
        with pytest.raises(NotFound):
            account.gmail.delete_label(label.id)

    @pytest.mark.parametrize("count", [1, 10, 11, 30])
    def test_labels_are_changed_and_others_stay(self, account: GmailUnderTest, count: int) -> None:
        label = account.gmail.create_label("Customers")
        ids = [account.receive(ANA) for _ in range(count)]
        other = account.receive(ANA)
        assert account.gmail.modify(ids, add=[label.id], remove=["INBOX"]) == {}
        assert {_labels(account, message_id) for message_id in ids} == {frozenset({label.id, "UNREAD"})}
        assert _labels(account, other) == {"INBOX", "UNREAD"}

    def test_a_change_made_twice_is_as_good(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA), account.receive(ANA)]
        for _ in range(2):
            assert account.gmail.modify(ids, remove=["INBOX"]) == {}
        assert _labels(account, ids[0]) == {"UNREAD"}

    def test_of_a_few_messages_the_missing_one_is_told(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA), MISSING, account.receive(ANA)]
        failed = account.gmail.modify(ids, remove=["INBOX"])
        assert {key: type(error) for key, error in failed.items()} == {MISSING: NotFound}
        assert _labels(account, ids[2]) == {"UNREAD"}

    def test_of_many_messages_a_missing_one_does_not_stop_the_others(self, account: GmailUnderTest) -> None:
        ids = [account.receive(ANA) for _ in range(11)]
        assert account.gmail.modify([*ids[:5], MISSING, *ids[5:]], remove=["INBOX"]) == {}
        assert {_labels(account, message_id) for message_id in ids} == {frozenset({"UNREAD"})}

    @pytest.mark.parametrize("count", [1, 10, 11])
    def test_a_label_that_is_gone_is_said_and_nothing_is_changed(
        self, account: GmailUnderTest, count: int
    ) -> None:
        label = account.gmail.create_label("Customers")
        account.gmail.delete_label(label.id)
        ids = [account.receive(ANA) for _ in range(count)]
        with pytest.raises(LabelGone):
            account.gmail.modify(ids, add=[label.id], remove=["INBOX"])
        assert {_labels(account, message_id) for message_id in ids} == {frozenset({"INBOX", "UNREAD"})}

    def test_a_listed_conversation_is_read_for_forty_units_and_a_mail_alone_for_twenty(
        self, account: GmailUnderTest
    ) -> None:
        conversation = account.converse(ANA, BEN, ANA, BEN)
        alone = account.receive(ANA)
        listed = account.gmail.list_messages().ids
        before = account.gmail.units
        rows = account.gmail.get_listed(listed, ["From"])
        assert account.gmail.units - before == 40 + 20
        assert rows == account.gmail.get_metadata([*conversation, alone], ["From"])

    def test_of_a_conversation_only_the_mails_that_were_asked_for_are_answered(
        self, account: GmailUnderTest
    ) -> None:
        account.converse(ANA, BEN, ANA)
        listed = account.gmail.list_messages().ids
        account.delete(listed[0][0])
        rows = account.gmail.get_listed(listed[:2], ["From"])
        assert rows.keys() == {listed[0][0], listed[1][0]}
        assert isinstance(rows[listed[0][0]], NotFound)
        assert isinstance(rows[listed[1][0]], MailMetadata)

    def test_our_errors_say_nothing_of_the_mail(self, account: GmailUnderTest) -> None:
        with pytest.raises(AppError) as raised:
            account.gmail.get_mail(MISSING)
        assert MISSING not in str(raised.value)


class TestFakeGmail(GmailContract):
    """The fake keeps to it."""

    @pytest.fixture
    def account(self) -> GmailUnderTest:
        return fake_account()


class TestGmailClient(GmailContract):
    """So does the adapter on the emulator."""

    @pytest.fixture
    def account(self, server: Running, unused: Iterator[str]) -> GmailUnderTest:
        return emulated_account(server, next(unused))
