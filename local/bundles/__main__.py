"""`python -m local.bundles [--out DIR] [--requirements]`: builds the bundles, or writes the requirements anew."""

import argparse
import os
import sys
from pathlib import Path

from local.bundles.archive import build, write_variables
from local.bundles.contents import FUNCTIONS
from local.bundles.requirements import requirements
from local.cli.installer import find_or_fetch_uv

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Prints a line for each file that it wrote."""
    parser = argparse.ArgumentParser(prog="python -m local.bundles", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".dev" / "bundles", metavar="DIR")
    parser.add_argument(
        "--requirements", action="store_true", help="write functions/*/requirements.txt from uv.lock"
    )
    options = parser.parse_args()
    if options.requirements:
        uv = find_or_fetch_uv(ROOT / ".dev", os.environ)
        for function in FUNCTIONS:
            file = ROOT / "functions" / function / "requirements.txt"
            file.write_text(requirements(ROOT, function, uv), encoding="utf-8")
            print(file.relative_to(ROOT))
        return 0
    bundles = build(ROOT, options.out)
    write_variables(bundles, options.out / "bundles.tfvars.json")
    for name, bundle in bundles.items():
        print(f"{name:<8} {bundle.sha256} {bundle.path.stat().st_size:>9,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
