"""The names that `gradproof` hands on are the packages' own, for Python and for type checkers alike."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

import gradproof


@pytest.mark.parametrize("name", gradproof.__all__)
def test_each_name_is_the_one_at_home(name: str) -> None:
    value = getattr(gradproof, name)
    assert value is getattr(import_module(gradproof._HOME[name]), name)
    assert value.__module__ == gradproof._HOME[name]


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(gradproof.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert {alias.asname: node.module for node in imports for alias in node.names} == gradproof._HOME


def test_dir_lists_them() -> None:
    assert set(gradproof.__all__) <= set(dir(gradproof))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = gradproof.nonsense
