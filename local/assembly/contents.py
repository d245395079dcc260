"""Checks a data set as the parts that will read it do, before anything is started."""

from pydantic import ValidationError

from local.assembly.dataset import DataSet
from local.cli.fault import Fault
from local.crm.fault_words import faults_of
from local.crm.seed_file import read_seed


def check_contents(data: DataSet) -> None:
    """Raises Fault with one sentence: the file, where in it, what is wrong, and how many faults more there are.

    gmail.yaml needs no check here: the emulator leaves out what it cannot use, and names it in a warning.
    """
    try:
        read_seed(data.crm)
    except ValidationError as invalid:
        (place, fault), *others = faults_of(invalid)
        where = f", {place}" if place else ""
        more = f" ({len(others)} more)" if others else ""
        raise Fault(f"{data.crm_file}{where}: {fault}{more}.") from None
