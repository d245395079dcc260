"""What a turn that died has left in doubt: Gmail is asked what of it was done, before anything new is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.labeler.desk import Desk
from functions.labeler.find_mail import How, look_up
from shared.domain.label_run import LabelRun
from shared.domain.labels import Deed, was_done
from shared.usecases.lease import Held


def settle_runs(held: Held, desk: Desk) -> None:
    """Makes every remembered deed certain: one read where nothing is in doubt.

    Else 20 units a message up to twenty, 5 per 500 of our labels' mail above; one write for the queue, one a run. What
    was done leaves the queue first, so that it is never done twice.
    """
    runs = desk.services.label_runs.unsettled(desk.mailbox.id)
    if not runs:
        return
    stands, unknown = look_up([deed.message_id for run in runs for deed in run.in_doubt], desk)
    settled = [_settled(run, stands, unknown) for run in runs]
    done = {deed.message_id for run in settled for deed in run.certain}
    held.state = held.state.with_queue(i for i in held.state.unsorted if i not in done)
    held.checkpoint()
    for run in settled:
        desk.services.label_runs.put(desk.mailbox.id, run)
        desk.services.log.event("run.settled", mailbox=desk.mailbox.id, run=run.id, count=len(run.certain))


def _settled(run: LabelRun, stands: Mapping[str, How], unknown: frozenset[str]) -> LabelRun:
    def happened(deed: Deed) -> bool:
        how = stands.get(deed.message_id)
        return how is not None and was_done(deed, how.ours, how.in_inbox)

    done: Sequence[Deed] = [deed for deed in run.in_doubt if happened(deed)]
    doubts = [deed for deed in run.in_doubt if deed.message_id in unknown]
    return replace(
        run,
        state="failed" if run.state == "running" else run.state,
        deeds=(*run.certain, *done, *doubts),
        doubtful=len(doubts),
    )
