"""Keep the English translation of the window in step with its Chinese source texts.

usage: translate.py            updates ruhu_en.ts from the sources and compiles it, and qt_zh.ts
       translate.py --check    fails when a text is missing, unfinished, unused or not compiled

qt_zh.ts is written by hand: what Qt's own Chinese translation leaves in English.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
TARGET = ROOT / "resources" / "translations" / "ruhu_en.ts"
OF_QT = TARGET.with_name("qt_zh.ts")


def sources() -> list[str]:
    """Return the modules with interface texts."""
    folder = ROOT / "desktop" / "ruhu"
    return [
        str(path.relative_to(ROOT))
        for room in ("ui", "app")
        for path in sorted((folder / room).rglob("*.py"))
    ]


def update(target: Path) -> None:
    """Update `target` from the sources; remove texts that the sources no longer have."""
    words = [str(BIN / "pyside6-lupdate"), *sources(), "-ts", str(target), "-no-obsolete", "-locations", "none",
             "-source-language", "zh_CN", "-target-language", "en"]  # fmt: skip
    subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def compile_to(target: Path, compiled: Path) -> None:
    """Compile a translation."""
    words = [str(BIN / "pyside6-lrelease"), "-silent", str(target), "-qm", str(compiled)]
    subprocess.run(words, check=True, cwd=ROOT)


def unfinished(target: Path) -> list[str]:
    """Texts without a finished English translation."""
    tree = ElementTree.parse(target)
    return [
        message.findtext("source", "")
        for message in tree.iter("message")
        if (found := message.find("translation")) is None
        or found.get("type") is not None
        or not (found.text or "").strip()
    ]


def texts(target: Path) -> set[tuple[str, str]]:
    """Return every context and source text."""
    return {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ElementTree.parse(target).iter("context")
        for message in context.iter("message")
    }


def check() -> list[str]:
    """Return the problems of the translation."""
    with tempfile.TemporaryDirectory() as folder:
        fresh, compiled = Path(folder) / "ruhu_en.ts", Path(folder) / "compiled.qm"
        fresh.write_bytes(TARGET.read_bytes())
        update(fresh)
        problems = [f"not translated: {text}" for text in unfinished(fresh)]
        problems += [
            f"not in the sources: {name}: {text}" for name, text in texts(TARGET) - texts(fresh)
        ]
        for source in (TARGET, OF_QT):
            compile_to(source, compiled)
            if compiled.read_bytes() != source.with_suffix(".qm").read_bytes():
                problems.append(f"{source.name} is not compiled: run build/docs/translate.py")
    return problems


def main() -> None:
    if sys.argv[1:] == ["--check"]:
        problems = check()
        print("\n".join(problems) or "translation complete")
        sys.exit(bool(problems))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    update(TARGET)
    for source in (TARGET, OF_QT):
        compile_to(source, source.with_suffix(".qm"))
    for text in unfinished(TARGET):
        print("not translated:", text)


if __name__ == "__main__":
    main()
