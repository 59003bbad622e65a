#!/usr/bin/env python3
"""Runs the queries of every panel of the dashboard against a Prometheus and draws the answers as a picture.

    deploy/grafana/render.py [--prometheus URL] [--minutes M] [--rate-interval D] PICTURE

Needs matplotlib. Prints the panels of which no query has an answer. Exits with 1 when Prometheus refuses a query.
"""
import argparse
import json
import math
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402

DASHBOARD = pathlib.Path(__file__).parent / "dashboards" / "sse-cluster.json"
COLUMNS = 4
STEPS = 180


def query(prometheus, expr, start, end):
    parameters = {"query": expr, "start": start, "end": end, "step": max(1, round((end - start) / STEPS))}
    url = f"{prometheus}/api/v1/query_range?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as refused:
        sys.exit(f"Prometheus refuses {expr}: {refused.read().decode()}")


def expression(target, rate_interval):
    return target["expr"].replace("$__rate_interval", rate_interval).replace("$instance", ".*")


def label(target, labels):
    text = target.get("legendFormat") or ""
    for name, value in labels.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def draw(axes, panel, found):
    """found: (target, series) pairs."""
    for target, series in found:
        for one in series:
            points = [(time_, float(value)) for time_, value in one["values"]]
            times = [time_ / 86400 for time_, _ in points]
            axes.plot(times, [value for _, value in points], linewidth=1, label=label(target, one["metric"]))
    axes.set_title(panel["title"], fontsize=9, loc="left")
    axes.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%H:%M"))
    axes.tick_params(labelsize=6)
    axes.grid(alpha=0.3)
    unit = panel["fieldConfig"]["defaults"].get("unit", "")
    axes.set_ylabel({"s": "s", "cps": "1/s", "bytes": "bytes", "percentunit": "share"}.get(unit, ""), fontsize=6)
    if axes.lines:
        axes.set_ylim(bottom=0)
        if len(axes.lines) <= 12 and any(not line.get_label().startswith("_") for line in axes.lines):
            axes.legend(fontsize=5, loc="best")
    else:
        axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes, fontsize=8, color="gray")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture")
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate-interval", default="20s", help="at least four times the scrape interval")
    options = parser.parse_args()

    panels = [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]
    end = time.time()
    start = end - options.minutes * 60
    rows = math.ceil(len(panels) / COLUMNS)
    figure, grid = plt.subplots(rows, COLUMNS, figsize=(5 * COLUMNS, 2.2 * rows), squeeze=False)
    for axes, panel in zip(grid.flat, panels):
        found = [(target, query(options.prometheus, expression(target, options.rate_interval), start, end))
                 for target in panel["targets"]]
        if not any(series for _, series in found):
            print(f"no answer: {panel['title']}")
        draw(axes, panel, found)
    for axes in list(grid.flat)[len(panels):]:
        axes.axis("off")
    figure.tight_layout()
    figure.savefig(options.picture, dpi=72)


main()
