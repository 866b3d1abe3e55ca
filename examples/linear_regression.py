"""Linear regression with a mean squared error, as a model of one's own.

In this folder:

    gradproof derive linear_regression:model
    gradproof lower linear_regression:model -o regression.py
"""

from __future__ import annotations

from gradproof import Definition, Kind, Model, Quantity, Sense, index, size, total

i = index("i", 0, size("m"))

x = Quantity(name="x", latex=r"\mathbf{x}", axes=(i,), kind=Kind.DATA)
y = Quantity(name="y", latex="y", kind=Kind.DATA)
w = Quantity(name="w", latex="w", axes=(i,), kind=Kind.PARAMETER)
prediction = Quantity(name="yhat", latex=r"\hat{y}")
error = Quantity(name="E", latex="E")

model = Model(
    name="linear-regression",
    title="Linear regression",
    given=(x, y, w),
    definitions=(
        Definition(quantity=prediction, expr=total(w.at() * x.at(), i)),
        Definition(quantity=error, expr=(prediction.at() - y.at()) ** 2),
    ),
    objective="E",
    sense=Sense.MINIMISE,
    mean=True,
)
