#ifndef DYCC_DIALECTS_ONNX_ONNXOPS_H
#define DYCC_DIALECTS_ONNX_ONNXOPS_H

// All families. Include the ones that you use instead, where you can: this
// header makes a file seconds slower to compile.
#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxPooling.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxSignal.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxText.h"
#include "dialects/onnx/OnnxUnary.h"

#endif // DYCC_DIALECTS_ONNX_ONNXOPS_H
