"""Checks that an executed notebook has its figures, that they show something, and no error; prints its text.

usage: check_notebook.py NOTEBOOK FIGURES
"""

import base64
import io
import sys

import matplotlib.image
import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
figures = 0
for cell in notebook.cells:
    if cell.cell_type != "code":
        continue
    assert cell.execution_count, "every cell was executed"
    images = 0
    for output in cell.outputs:
        assert output.output_type != "error", output
        if output.output_type == "stream":
            assert output.name != "stderr", output.text
            print(output.text)
        png = output.get("data", {}).get("image/png")
        if png:
            pixels = matplotlib.image.imread(io.BytesIO(base64.b64decode(png)), format="png")[..., :3]
            drawn = (pixels.min(axis=2) < 0.95).mean()
            assert drawn > 0.02, f"an empty figure: {drawn:.1%} of it is drawn on"
            images += 1
    assert images or "figure" not in cell.metadata.get("tags", []), "a figure is missing"
    figures += images
assert figures == int(sys.argv[2]), figures
