"""`python -m local.demo --out DIR`: writes the demo data set."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from local.demo.dataset import build, write


def main() -> None:
    """Parses the command line, builds and writes."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the directory to write into")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="RFC 3339; the present moment unless given"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other mail and deals")
    parser.add_argument(
        "--public-url", default="http://localhost:8080", help="where the stack will answer (OAuth redirect)"
    )
    options = parser.parse_args()
    data = build(options.seed, options.now or datetime.now(UTC))
    options.out.mkdir(parents=True, exist_ok=True)
    write(data, options.out, options.public_url)
    print(f"{len(data.mails)} mails, {len(data.crm['contacts'])} contacts in {options.out}")


if __name__ == "__main__":
    main()
