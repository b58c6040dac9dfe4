"""The files that the forge and git read: workflows, issue forms, hooks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
READ_AS = {
    "github-workflows": sorted((GITHUB / "workflows").glob("*.yml")),
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE/config.yml"],
    "github-issue-forms": [
        path for path in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if path.stem != "config"
    ],
}


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment."""
    command = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("schema", READ_AS)
def test_the_forge_files_match_their_schemas(schema: str) -> None:
    assert READ_AS[schema]
    files = map(str, READ_AS[schema])
    done = program("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout


def test_the_workflows_name_existing_scripts() -> None:
    for file in READ_AS["github-workflows"]:
        named = re.findall(r"(?:build|tests|\.ci)[\\/][\w.\\/]+", file.read_text(encoding="utf-8"))
        assert named
        for name in named:
            assert (ROOT / name.replace("\\", "/")).exists(), name


def test_the_hooks_are_valid_and_local() -> None:
    config = ".pre-commit-config.yaml"
    assert program("pre-commit", "validate-config", config).returncode == 0
    text = (ROOT / config).read_text(encoding="utf-8")
    assert set(re.findall(r"repo: (\S+)", text)) == {"local"}
