"""external.py IN OUT LOCATION: a model with its weights as external data, in the
file LOCATION beside it."""
import sys

import onnx

model = onnx.load(sys.argv[1])
for tensor in model.graph.initializer:  # Only raw data is moved out.
    tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor),
                                                 tensor.name))
onnx.save_model(model, sys.argv[2], save_as_external_data=True, location=sys.argv[3],
                size_threshold=0)
