"""A compiled model over a data set: in this process or on Ray, restartable.

    dycc.batch.run("upscale.onnx", "frames", "upscaled", workers=8)

does the same as `python -m dycc.batch upscale.onnx frames -o upscaled --workers 8`.
docs/batch.md of the project explains it.
"""

from dycc.batch._errors import BatchError
from dycc.batch._run import Summary, run

__all__ = ["BatchError", "Summary", "run"]
