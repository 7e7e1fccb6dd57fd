"""The package keeps its shape: layers that import downward only, modules and functions short enough to read."""

import ast
from pathlib import Path

import pytest

from apparatus.paths import ROOT

PACKAGE = ROOT / "lib/apparatus"
LAYERS = (  # lowest first; a module imports from the layers before its own
    {"errors", "paths", "text"},
    {"edtf_days"},
    {"entries", "files"},
    {"contrasts", "lexicon", "model", "outputs", "plan", "stats"},
    {"evaluate", "execute", "knowledge", "ledger", "sentences", "structure", "swaps"},
    {"paragraphs", "words"},
    {"corpus", "runner"},
    {"extract", "readings", "themes"},
    {"events", "marked", "parties", "positions", "references", "voices"},
    {"agreement", "keyness", "reuse", "terms", "voice_score"},
    {"collocates", "quality", "reading"},
    {"reconcile"},
    {"checking", "measured"},
    {"speaking", "statements", "symmetry", "tables", "timeline"},
    {"figures", "reader", "show", "site"},
    {"chapters"},
    {"bibliography"},
    {"assembly"},
    {"book"},
    {"__init__", "__main__"},
)
LONG_MODULES: dict[str, str] = {}  # over 400 lines: the module, and the reason
LONG_FUNCTIONS: dict[str, str] = {}  # over 30 lines of body: the function, and the reason

Trees = dict[str, ast.Module]


def parse(package: Path) -> Trees:
    """The modules of a package by dotted name, without the package's own."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }


def layer(module: str) -> int:
    return next((number for number, names in enumerate(LAYERS) if module.split(".")[0] in names), -1)


def imported(tree: ast.Module) -> set[str]:
    """The modules of the package that a module imports, wherever in it the import stands; "." for a relative import."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "apparatus":
            names |= {f"apparatus.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("apparatus.." if node.level else str(node.module))
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.removeprefix("apparatus.") for name in names if name.startswith("apparatus.")}


def upward_imports(trees: Trees) -> list[str]:
    faults = [f"{module}: not in LAYERS" for module in trees if layer(module) < 0]
    for module, tree in trees.items():
        for name in sorted(imported(tree)):
            if name == ".":
                faults.append(f"{module}: a relative import; name the module in full")
            elif name.split(".")[0] != module.split(".")[0] and layer(name) >= layer(module):
                faults.append(f"{module} imports {name}, which is no lower layer")
    return faults


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def long_functions(trees: Trees) -> dict[str, int]:
    return {
        f"{module}.{node.name}": body_lines(node)
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > 30
    }


def broad_handlers(trees: Trees) -> list[str]:
    broad = ("Exception", "BaseException", "None")
    return [
        f"{module}, line {node.lineno}"
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and ast.unparse(node.type or ast.Constant(None)) in broad
    ]


@pytest.fixture(scope="module")
def trees() -> Trees:
    return parse(PACKAGE)


def test_imports_go_downward(trees: Trees) -> None:
    assert upward_imports(trees) == []


def test_every_layer_is_of_modules_that_are_there(trees: Trees) -> None:
    there = {module.split(".")[0] for module in trees}
    assert sorted(name for names in LAYERS for name in names - there) == []


def test_modules_are_short() -> None:
    sizes = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name for name, size in sizes.items() if size > 400} == LONG_MODULES.keys()


def test_functions_are_short(trees: Trees) -> None:
    assert long_functions(trees).keys() == LONG_FUNCTIONS.keys()


def test_no_handler_takes_every_exception(trees: Trees) -> None:
    assert broad_handlers(trees) == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("from apparatus.corpus import load_corpus", "model imports corpus, which"),
        ("def read():\n    import apparatus.book", "model imports book, which"),
        ("from apparatus import knowledge", "model imports knowledge, which"),
        ("from .text import View", "model: a relative import"),
    ],
)
def test_a_planted_upward_import_is_named(source: str, complaint: str) -> None:
    assert any(complaint in fault for fault in upward_imports({"model": ast.parse(source)}))


def test_a_planted_module_without_a_layer_is_named() -> None:
    assert upward_imports({"utils": ast.parse("")}) == ["utils: not in LAYERS"]


def test_a_planted_long_function_is_named() -> None:
    source = 'def read():\n    """Return.\n\n    More.\n    """\n' + "    x = 1\n" * 31
    assert long_functions({"text": ast.parse(source)}) == {"text.read": 31}


@pytest.mark.parametrize("handler", ["except Exception", "except BaseException as error", "except"])
def test_a_planted_broad_handler_is_named(handler: str) -> None:
    assert broad_handlers({"text": ast.parse(f"try:\n    pass\n{handler}:\n    pass\n")}) == ["text, line 3"]
