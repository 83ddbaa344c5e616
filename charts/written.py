"""A chart whose Vega-Lite specification is written out, for where it is made at every click: with Altair it takes ten times
as long."""

import json
from typing import Any

import altair as alt
import pandas as pd

Layer = dict[str, Any]


class Written:
    """Layers, each with its frame as `data`, and what belongs to the chart as a whole; used as an Altair chart is."""

    def __init__(self, layers: list[Layer], **whole: Any) -> None:
        self.layers = layers
        self.whole = whole
        self.height: Any = alt.Undefined

    def specification(self, names: dict[int, str]) -> dict[str, Any]:
        """Vega-Lite's, in which data has names; `names` has one for the id of each frame."""
        height = {} if self.height is alt.Undefined else {"height": self.height}
        layers = [layer | {"data": {"name": names[id(layer["data"])]}} for layer in self.layers]
        return {"$schema": alt.SCHEMA_URL, **self.whole, **height, "layer": layers}

    def frames(self) -> dict[int, pd.DataFrame]:
        """Each frame once, by its id."""
        return {id(layer["data"]): layer["data"] for layer in self.layers}

    def to_dict(self, *, validate: bool = True) -> dict[str, Any]:
        """The specification with its data; raises Altair's SchemaValidationError where it is `validate`d and wrong."""
        frames = self.frames()
        names = {one: f"data-{number}" for number, one in enumerate(frames)}
        rows = {names[one]: json.loads(frame.to_json(orient="records")) for one, frame in frames.items()}
        found = self.specification(names) | {"datasets": rows}
        if validate:
            alt.LayerChart.from_dict(found)
        return found
