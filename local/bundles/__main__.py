"""`python -m local.bundles [--out DIR] [--sbom | --requirements | --audit]`: the bundles, and their parts."""

import argparse
import os
import sys
from pathlib import Path

from local.bundles.archive import build, write_variables
from local.bundles.audit import audit
from local.bundles.contents import FUNCTIONS
from local.bundles.requirements import requirements
from local.bundles.sbom import sbom
from local.cli.installer import find_or_fetch_uv

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Prints a line for each file that it wrote."""
    parser = argparse.ArgumentParser(prog="python -m local.bundles", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".dev" / "bundles", metavar="DIR")
    parser.add_argument(
        "--requirements", action="store_true", help="write functions/*/requirements.txt from uv.lock"
    )
    parser.add_argument("--sbom", action="store_true", help="write FUNCTION.cdx.json beside each bundle")
    parser.add_argument(
        "--audit", action="store_true", help="look for known vulnerabilities of what is deployed"
    )
    options = parser.parse_args()
    if options.audit:
        return _audit()
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
        if options.sbom:
            listed = options.out / f"{name}.cdx.json"
            listed.write_text(
                sbom(ROOT, name, bundle, find_or_fetch_uv(ROOT / ".dev", os.environ)), encoding="utf-8"
            )
    return 0


def _audit() -> int:
    """1 where something is vulnerable, and where something could not be looked up."""
    outcomes = {
        name: audit(
            ROOT / "functions" / name / "requirements.txt", Path(sys.executable).with_name("pip-audit")
        )
        for name in FUNCTIONS
    }
    for name, outcome in outcomes.items():
        print(f"{name:<8} {outcome.checked} packages looked up")
        for vulnerable in outcome.vulnerable:
            print(f"  VULNERABLE {vulnerable}")
        if outcome.unchecked:
            print(f"  NOT CHECKED, nobody vouches for: {', '.join(outcome.unchecked)}")
    return 1 if any(each.vulnerable or each.unchecked for each in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
