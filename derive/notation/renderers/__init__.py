"""A layout in each output language."""

from .latex import to_latex as to_latex
from .spacing import LayoutError as LayoutError
from .text import to_text as to_text
from .typst import to_typst as to_typst
