"""What a bundle holds: an allow-list that mirrors the repository."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

FUNCTIONS: Final = ("labeler", "notify", "oauth", "proxy")

# Whatever else lies in these folders stops the build: either it is named here, or it does not belong there.
_SUFFIXES: Final = frozenset({".py", ".txt", ".json", ".html", ".css", ".js"})
_LEFT_OUT: Final = frozenset({"__pycache__", ".DS_Store"})


class ForeignFile(ValueError):
    """A file that is neither allowed nor known to be left out; the message has its path."""


def bundle_files(root: Path, function: str) -> Mapping[str, Path]:
    """Path in the zip -> file of the repository `root`, in the zip's order. Raises ForeignFile."""
    folder = root / "functions" / function
    files = {
        "main.py": folder / "main.py",
        "requirements.txt": folder / "requirements.txt",
        "functions/__init__.py": root / "functions" / "__init__.py",
    }
    for each in (*_files_below(folder), *_files_below(root / "shared")):
        files[each.relative_to(root).as_posix()] = each
    return dict(sorted(files.items()))


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if _LEFT_OUT & set(path.parts) or path.is_dir():
            continue
        if path.is_symlink() or path.suffix not in _SUFFIXES:
            raise ForeignFile(
                f"{path} is no file of a function: a bundle holds {', '.join(sorted(_SUFFIXES))}."
            )
        yield path
