"""The committed build of the web components: fresh, small, strictly typed, complete in both languages."""

import gzip
import re
import shutil
from pathlib import Path

from tests.web.node import WEB, packages, run

BUILT = WEB / "dist" / "crm-gmail.js"
LIMIT_BYTES = 60 * 1024


def test_the_committed_build_is_what_the_sources_build(tmp_path: Path) -> None:
    built = run("vite", "build", "--outDir", str(tmp_path / "dist"), "--logLevel", "error")
    assert built.returncode == 0, built.stdout + built.stderr
    assert (tmp_path / "dist" / BUILT.name).read_bytes() == BUILT.read_bytes(), (
        "web/dist is stale: cd web && npm run build, and commit web/dist"
    )


def test_the_one_file_is_small() -> None:
    assert [file.name for file in BUILT.parent.iterdir()] == [BUILT.name]
    assert len(gzip.compress(BUILT.read_bytes(), 9, mtime=0)) <= LIMIT_BYTES


def test_the_sources_are_well_typed() -> None:
    checked = run("tsc", "--noEmit")
    assert checked.returncode == 0, checked.stdout


def test_a_sentence_that_french_lacks_does_not_compile(tmp_path: Path) -> None:
    for name in ("src", "tsconfig.json", "package.json", "vite.config.ts"):
        source = WEB / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(packages())
    french = tmp_path / "src" / "words" / "fr.ts"
    lines = french.read_text(encoding="utf-8").splitlines(keepends=True)
    french.write_text("".join(line for line in lines if '"compose.send"' not in line), encoding="utf-8")

    checked = run("tsc", "--noEmit", folder=tmp_path)

    assert checked.returncode != 0
    assert "compose.send" in checked.stdout


def test_both_languages_fill_the_same_gaps() -> None:
    english, french = (_sentences(WEB / "src" / "words" / f"{name}.ts") for name in ("en", "fr"))
    for key, sentence in english.items():
        gaps = r"\{(\w+)"
        assert set(re.findall(gaps, sentence)) == set(re.findall(gaps, french[key])), key


def test_no_source_keeps_the_token_or_parses_html_into_the_page() -> None:
    forbidden = re.compile(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|unsafeHTML|eval\("
    )
    for source in (WEB / "src").rglob("*.ts"):
        assert not forbidden.search(source.read_text(encoding="utf-8")), source.name


def test_no_source_is_long() -> None:
    for source in (WEB / "src").rglob("*.ts"):
        assert len(source.read_text(encoding="utf-8").splitlines()) <= 400, source.name


def _sentences(file: Path) -> dict[str, str]:
    return dict(re.findall(r'^  "([a-z_.]+)": "(.*)",$', file.read_text(encoding="utf-8"), re.MULTILINE))
