"""Charts as files, without a browser: SVG and PNG, drawn by vl-convert in this process (the first one takes a second)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from xml.etree import ElementTree

import vl_convert

from charts import PALETTE, AnyChart

T = TypeVar("T")

WIDTH, HEIGHT = 760, 260  # pixels, of a chart that has none of its own
SHARPNESS = 2  # pixels of a PNG for one of the chart
LONGEST = 110  # characters of a line beside a chart
INK, PAPER = "#141414", "#ffffff"
# A colour that no chart has: what is drawn in it takes the colour of the words around the picture, light or dark.
SENTINEL = "#010203"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # vl-convert brings the first one along
SVG = "{http://www.w3.org/2000/svg}"
# What a chart is drawn with. Nothing else gets into a page: no script, link, style or image from elsewhere.
ELEMENTS = frozenset(
    SVG + name
    for name in (
        "svg",
        "g",
        "path",
        "text",
        "tspan",
        "rect",
        "line",
        "circle",
        "defs",
        "clipPath",
        "linearGradient",
        "stop",
    )
)
ATTRIBUTES = frozenset(
    re.findall(
        r"\S+",
        "class clip-path clip-rule cx cy d dx dy fill fill-opacity font-family font-size font-style font-weight gradientUnits "
        "height id offset opacity pointer-events r rx ry stop-color stroke stroke-dasharray stroke-dashoffset stroke-linecap "
        "stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform version viewBox width x x1 x2 y "
        "y1 y2",
    )
)
# What XML or an expression cannot have, and what turns the direction of the words that follow.
UNDRAWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
OUTER = re.compile("[\U00010000-\U0010ffff]")  # characters of two halves, such as emoji
LONGEST_STRING = 500  # characters of a name in the data
REFERENCE = re.compile(r"url\(#([\w-]+)\)")
DECIMALS = re.compile(r"(\.\d{2})\d+")  # a hundredth of a pixel is enough

ElementTree.register_namespace("", SVG.strip("{}"))


def svg(chart: AnyChart, title: str = "", below: Sequence[str] = ()) -> str:
    """The chart on white, under its title and above lines that say what it is of: to be saved."""
    return _svg(specification(chart, INK, title, below, PAPER))


def png(chart: AnyChart, title: str = "", below: Sequence[str] = ()) -> bytes:
    """The same as PNG, at SHARPNESS times its size."""
    drawn = specification(chart, INK, title, below, PAPER)
    return _converted(
        lambda spec: bytes(vl_convert.vegalite_to_png(spec, scale=SHARPNESS, allowed_base_urls=[])), drawn
    )


def inline_svg(chart: AnyChart, name: str, alt: str, width: int = WIDTH) -> str:
    """The chart as an element of an HTML page, on whatever the page's colour is, with words in the page's own colour; `alt`
    says what one sees. `name`, letters and digits, sets it apart from the page's other pictures."""
    return embedded(_svg(specification(chart, SENTINEL, width=width)), name, alt)


def png_of_svg(drawn: str) -> bytes:
    """A hand-made SVG as PNG, at SHARPNESS times its size."""
    return bytes(vl_convert.svg_to_png(UNDRAWABLE.sub("\ufffd", drawn), scale=SHARPNESS))


def _svg(spec: Mapping[str, Any]) -> str:
    return _converted(lambda drawn: str(vl_convert.vegalite_to_svg(drawn, allowed_base_urls=[])), spec)


def _converted(convert: Callable[[Any], T], spec: Mapping[str, Any]) -> T:
    """What `convert` makes of a specification. Where a label is too long, it is cut, which may be in the middle of an emoji:
    then without these."""
    try:
        return convert(spec)
    except ValueError:
        return convert(_drawable(spec, OUTER))


def specification(
    chart: AnyChart,
    ink: str,
    title: str = "",
    below: Sequence[str] = (),
    paper: str | None = None,
    width: int = WIDTH,
) -> dict[str, Any]:
    """The chart's specification, of a size of its own, and with the look that the app gives it on the screen."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for at in [spec, *spec.get("layer", [])]:
        at.pop("params", None)  # nobody selects anything in a picture
    _without_conditions(spec)
    is_stepped = any(isinstance(spec.get(side), Mapping) for side in ("width", "height"))
    if "width" not in spec:
        spec["width"] = width
    if "height" not in spec:
        spec["height"] = HEIGHT
    # A chart's height includes its axes, as in the app; one that has so many pixels a row grows around its rows.
    spec["autosize"] = {"type": "pad" if is_stepped else "fit", "contains": "padding"}
    if title or below:
        spec["title"] = _titles(title, below)
        if not is_stepped:
            spec["height"] += 46 if below else 26
    spec["config"] = _merged(_look(ink), spec.get("config", {})) | {"background": paper or "transparent", "aria": False}
    spec["padding"] = 12 if paper else 2
    drawn: dict[str, Any] = _drawable(spec)
    return drawn


def embedded(drawn: str, name: str, alt: str) -> str:
    """An SVG as an element of a page: only what a chart is drawn with, its own names made the picture's, words in the page's
    colour, as wide as there is room."""
    root = ElementTree.fromstring(drawn)  # noqa: S314 - vl-convert has just written it
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag not in ELEMENTS:
                parent.remove(child)
        parent.attrib = {key: _own(key, value, name) for key, value in parent.attrib.items() if key in ATTRIBUTES}
    root.attrib.pop("class", None)
    wide = float(root.attrib["width"])
    root.attrib.pop("height", None)
    root.attrib |= {"width": f"{wide:.0f}", "role": "img", "aria-label": UNDRAWABLE.sub("\ufffd", alt)}
    return ElementTree.tostring(root, encoding="unicode")


def _own(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if value == SENTINEL:
        return "currentColor"
    if key in ("d", "transform"):
        return DECIMALS.sub(r"\1", value)
    return REFERENCE.sub(rf"url(#{name}-\1)", value)


def _drawable(value: Any, without: re.Pattern[str] = UNDRAWABLE) -> Any:
    """A specification without what vl-convert cannot take: on a control character it ends the whole process."""
    if isinstance(value, str):
        return without.sub("\ufffd", value[:LONGEST_STRING])
    if isinstance(value, Mapping):
        return {name: _drawable(one, without) for name, one in value.items()}
    return [_drawable(one, without) for one in value] if isinstance(value, list) else value


def _without_conditions(spec: dict[str, Any]) -> None:
    """Marks that stand out or fade by what is selected: as they are where nothing is."""
    for at in [spec, *spec.get("layer", [])]:
        for channel in at.get("encoding", {}).values():
            condition = channel.get("condition") if isinstance(channel, dict) else None
            if isinstance(condition, dict) and "param" in condition:
                channel |= {name: value for name, value in condition.items() if name == "value"}
                channel.pop("condition")


def _titles(title: str, below: Sequence[str]) -> dict[str, Any]:
    return {
        "text": title[:LONGEST],
        "subtitle": [line[:LONGEST] for line in below],
        "anchor": "start",
        "frame": "group",
        "offset": 10,
    }


def _look(ink: str) -> dict[str, Any]:
    words = {"labelColor": ink, "titleColor": ink}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **words,
            "labelFontSize": 11,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "labelSeparation": 6,  # fonts differ in width
            "domainColor": ink,
            "domainOpacity": 0.35,
            "tickColor": ink,
            "tickOpacity": 0.35,
            "gridColor": ink,
            "gridOpacity": 0.1,
        },
        "legend": {**words, "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal"},
        "title": {
            "color": ink,
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleColor": ink,
            "subtitleFontSize": 11,
            "subtitlePadding": 5,
        },
        "text": {"color": ink},
        "range": {"category": PALETTE},
    }


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both configurations, the chart's own before the look."""
    return {
        key: _merged(under[key], over[key])
        if isinstance(under.get(key), Mapping) and isinstance(over.get(key), Mapping)
        else over.get(key, under.get(key))
        for key in {**under, **over}
    }
