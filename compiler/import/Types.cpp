#include "compiler/import/Types.h"

#include "dialects/onnx/OnnxTypes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using dycc::proto::TensorProto;

namespace dycc::import {

namespace {

/// Makes one of MLIR's element types.
using MakeType = Type (*)(MLIRContext *);

template <typename T>
Type makePlain(MLIRContext *context) {
  return T::get(context);
}
template <typename T>
Type makeComplex(MLIRContext *context) {
  return ComplexType::get(T::get(context));
}
template <unsigned width>
Type makeInteger(MLIRContext *context) {
  return IntegerType::get(context, width);
}
template <unsigned width>
Type makeUnsigned(MLIRContext *context) {
  return IntegerType::get(context, width, IntegerType::Unsigned);
}

struct ElementType {
  TensorProto::DataType dataType;
  MakeType make;
};

constexpr ElementType elementTypes[] = {
    {TensorProto::FLOAT, makePlain<Float32Type>},
    {TensorProto::UINT8, makeUnsigned<8>},
    {TensorProto::INT8, makeInteger<8>},
    {TensorProto::UINT16, makeUnsigned<16>},
    {TensorProto::INT16, makeInteger<16>},
    {TensorProto::INT32, makeInteger<32>},
    {TensorProto::INT64, makeInteger<64>},
    {TensorProto::STRING, makePlain<onnx::StringType>},
    {TensorProto::BOOL, makeInteger<1>},
    {TensorProto::FLOAT16, makePlain<Float16Type>},
    {TensorProto::DOUBLE, makePlain<Float64Type>},
    {TensorProto::UINT32, makeUnsigned<32>},
    {TensorProto::UINT64, makeUnsigned<64>},
    {TensorProto::COMPLEX64, makeComplex<Float32Type>},
    {TensorProto::COMPLEX128, makeComplex<Float64Type>},
    {TensorProto::BFLOAT16, makePlain<BFloat16Type>},
    {TensorProto::FLOAT8E4M3FN, makePlain<Float8E4M3FNType>},
    {TensorProto::FLOAT8E4M3FNUZ, makePlain<Float8E4M3FNUZType>},
    {TensorProto::FLOAT8E5M2, makePlain<Float8E5M2Type>},
    {TensorProto::FLOAT8E5M2FNUZ, makePlain<Float8E5M2FNUZType>},
    {TensorProto::UINT4, makeUnsigned<4>},
    {TensorProto::INT4, makeInteger<4>},
    {TensorProto::FLOAT4E2M1, makePlain<Float4E2M1FNType>},
    {TensorProto::FLOAT8E8M0, makePlain<Float8E8M0FNUType>},
    {TensorProto::UINT2, makeUnsigned<2>},
    {TensorProto::INT2, makeInteger<2>},
    {TensorProto::FLOAT6E2M3, makePlain<Float6E2M3FNType>},
    {TensorProto::FLOAT6E3M2, makePlain<Float6E3M2FNType>},
};

} // namespace

Type getElementType(MLIRContext *context, int64_t dataType) {
  for (const ElementType &type : elementTypes)
    if (type.dataType == dataType)
      return type.make(context);
  return {};
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

/// Exporters write some names where they know none; two dims that have such a
/// name are not meant to be equal.
static bool isPlaceholder(StringRef name) {
  static constexpr llvm::StringLiteral words[] = {"none", "null", "unk",
                                                  "unknown", "nan"};
  name = name.trim();
  bool isNegative = name.consume_front("-");
  if (!llvm::any_of(name, llvm::isAlnum))
    return llvm::isASCII(name);
  if (isNegative && name.find_first_not_of("0123456789") == name.npos)
    return true;
  return !isNegative && llvm::any_of(words, [&](StringRef word) {
    return name.equals_insensitive(word);
  });
}

ArrayAttr readDims(MLIRContext *context, const proto::TypeProto &type) {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape())
    return {};
  Builder b(context);
  SmallVector<Attribute> dims;
  for (const auto &dim : type.tensor_type().shape().dim()) {
    if (dim.has_dim_value() && dim.dim_value() >= 0)
      dims.push_back(b.getI64IntegerAttr(dim.dim_value()));
    else if (!isPlaceholder(dim.dim_param()))
      dims.push_back(b.getStringAttr(dim.dim_param()));
    else
      dims.push_back(b.getUnitAttr());
  }
  return b.getArrayAttr(dims);
}

} // namespace dycc::import
