#include "compiler/import/Types.h"

#include "dialects/onnx/OnnxTypes.h"

using namespace mlir;
using dycc::proto::TensorProto;

namespace dycc::import {

Type getElementType(MLIRContext *context, int64_t dataType) {
  Builder b(context);
  auto ui = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (dataType) {
  case TensorProto::FLOAT:
    return b.getF32Type();
  case TensorProto::UINT8:
    return ui(8);
  case TensorProto::INT8:
    return b.getI8Type();
  case TensorProto::UINT16:
    return ui(16);
  case TensorProto::INT16:
    return b.getI16Type();
  case TensorProto::INT32:
    return b.getI32Type();
  case TensorProto::INT64:
    return b.getI64Type();
  case TensorProto::STRING:
    return onnx::StringType::get(context);
  case TensorProto::BOOL:
    return b.getI1Type();
  case TensorProto::FLOAT16:
    return b.getF16Type();
  case TensorProto::DOUBLE:
    return b.getF64Type();
  case TensorProto::UINT32:
    return ui(32);
  case TensorProto::UINT64:
    return ui(64);
  case TensorProto::COMPLEX64:
    return ComplexType::get(b.getF32Type());
  case TensorProto::COMPLEX128:
    return ComplexType::get(b.getF64Type());
  case TensorProto::BFLOAT16:
    return b.getBF16Type();
  case TensorProto::FLOAT8E4M3FN:
    return Float8E4M3FNType::get(context);
  case TensorProto::FLOAT8E4M3FNUZ:
    return Float8E4M3FNUZType::get(context);
  case TensorProto::FLOAT8E5M2:
    return Float8E5M2Type::get(context);
  case TensorProto::FLOAT8E5M2FNUZ:
    return Float8E5M2FNUZType::get(context);
  case TensorProto::UINT4:
    return ui(4);
  case TensorProto::INT4:
    return b.getIntegerType(4);
  case TensorProto::FLOAT4E2M1:
    return Float4E2M1FNType::get(context);
  case TensorProto::FLOAT8E8M0:
    return Float8E8M0FNUType::get(context);
  case TensorProto::UINT2:
    return ui(2);
  case TensorProto::INT2:
    return b.getIntegerType(2);
  case TensorProto::FLOAT6E2M3:
    return Float6E2M3FNType::get(context);
  case TensorProto::FLOAT6E3M2:
    return Float6E3M2FNType::get(context);
  default:
    return {};
  }
}

int getDataType(Type elementType) {
  if (!elementType)
    return TensorProto::UNDEFINED;
  for (int i = TensorProto::DataType_MIN; i <= TensorProto::DataType_MAX; ++i)
    if (getElementType(elementType.getContext(), i) == elementType)
      return i;
  return TensorProto::UNDEFINED;
}

std::string getDataTypeName(int64_t dataType) {
  if (dataType >= 0 && dataType <= TensorProto::DataType_MAX &&
      TensorProto::DataType_IsValid(int(dataType)))
    return TensorProto::DataType_Name(TensorProto::DataType(dataType));
  return std::to_string(dataType);
}

Type unranked(Type elementType) { return UnrankedTensorType::get(elementType); }

Type withoutShape(Type type) {
  if (auto tensor = dyn_cast<TensorType>(type))
    return unranked(tensor.getElementType());
  if (auto sequence = dyn_cast<onnx::SeqType>(type))
    return onnx::SeqType::get(type.getContext(),
                              withoutShape(sequence.getElementType()));
  if (auto optional = dyn_cast<onnx::OptType>(type))
    return onnx::OptType::get(type.getContext(),
                              withoutShape(optional.getElementType()));
  return type;
}

static Type readTensorType(MLIRContext *context,
                           const proto::TypeProto_Tensor &tensor,
                           std::string &error) {
  Type element = getElementType(context, tensor.elem_type());
  if (!element) {
    error = "element type " + getDataTypeName(tensor.elem_type()) +
            " is not supported";
    return {};
  }
  if (!tensor.has_shape())
    return unranked(element);
  SmallVector<int64_t> shape;
  for (const auto &dim : tensor.shape().dim())
    shape.push_back(dim.has_dim_value() && dim.dim_value() >= 0
                        ? dim.dim_value()
                        : ShapedType::kDynamic);
  return RankedTensorType::get(shape, element);
}

Type readType(MLIRContext *context, const proto::TypeProto &type,
              std::string &error) {
  // Containers nest at most as deep as the parser lets messages nest.
  if (type.has_tensor_type())
    return readTensorType(context, type.tensor_type(), error);
  if (type.has_sequence_type()) {
    Type element = readType(context, type.sequence_type().elem_type(), error);
    if (element && !isa<TensorType>(element)) {
      error = "expects a sequence of tensors";
      return {};
    }
    return element ? onnx::SeqType::get(context, element) : Type();
  }
  if (type.has_optional_type()) {
    Type element = readType(context, type.optional_type().elem_type(), error);
    if (element && isa<onnx::OptType>(element)) {
      error = "expects an optional tensor or sequence";
      return {};
    }
    return element ? onnx::OptType::get(context, element) : Type();
  }
  error = type.has_map_type()             ? "maps are not supported"
          : type.has_sparse_tensor_type() ? "sparse tensors are not supported"
                                          : "has no type";
  return {};
}

ArrayAttr readDims(MLIRContext *context, const proto::TypeProto &type) {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape())
    return {};
  Builder b(context);
  SmallVector<Attribute> dims;
  for (const auto &dim : type.tensor_type().shape().dim()) {
    if (dim.has_dim_value() && dim.dim_value() >= 0)
      dims.push_back(b.getI64IntegerAttr(dim.dim_value()));
    else if (!dim.dim_param().empty())
      dims.push_back(b.getStringAttr(dim.dim_param()));
    else
      dims.push_back(b.getUnitAttr());
  }
  return b.getArrayAttr(dims);
}

} // namespace dycc::import
