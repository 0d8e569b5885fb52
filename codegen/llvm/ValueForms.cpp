#include "codegen/llvm/ValueForms.h"

#include "dialects/onnx/OnnxTypes.h"

using namespace llvm;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {

mlir::DictionaryAttr attributesOf(mlir::func::FuncOp main, unsigned index,
                                  bool inputs) {
  return inputs ? main.getArgAttrDict(index) : main.getResultAttrDict(index);
}

DyccValueForm formOf(mlir::Type type) {
  auto optional = mlir::dyn_cast_or_null<onnx::OptType>(type);
  if (!optional)
    return type ? DYCC_FORM_SEQUENCE : DYCC_FORM_TENSOR;
  return mlir::isa<onnx::SeqType>(optional.getElementType())
             ? DYCC_FORM_OPTIONAL_SEQUENCE
             : DYCC_FORM_OPTIONAL;
}

unsigned countParts(DyccValueForm form) {
  return form == DYCC_FORM_TENSOR              ? 1
         : form == DYCC_FORM_OPTIONAL_SEQUENCE ? 3
                                               : 2;
}

SmallVector<ExprAttr> heldDims(mlir::TensorType held) {
  SmallVector<ExprAttr> dims;
  for (int64_t extent : held.getShape())
    dims.push_back(mlir::ShapedType::isDynamic(extent)
                       ? ExprAttr::unknown(held.getContext())
                       : ExprAttr::constant(held.getContext(), extent));
  return dims;
}

} // namespace dycc::codegen
