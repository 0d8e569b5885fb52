// Element-wise operators on small constants. What IEEE arithmetic rounds in one
// way only is folded; exponentials and the like are left to the kernels, so
// that a value does not depend on when it is computed.
#include "passes/normalize/ConstantEval.h"

#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cmath>

using namespace mlir;
using dycc::onnx::WeightBytes;

namespace dycc {
namespace {

/// An operand, read as if it had the result's shape.
struct Broadcast {
  WeightBytes bytes;
  SmallVector<int64_t> positions; ///< Per element of the result.
};

std::optional<Broadcast> broadcast(ElementsAttr operand,
                                   ArrayRef<int64_t> shape) {
  std::optional<WeightBytes> bytes = onnx::getWeightBytes(operand);
  if (!bytes)
    return std::nullopt;
  ArrayRef<int64_t> own = shapeOf(operand);
  Broadcast result{std::move(*bytes), {}};
  int64_t n = ShapedType::getNumElements(shape);
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = i, position = 0, stride = 1;
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      int64_t index = rest % shape[shape.size() - 1 - axis];
      rest /= shape[shape.size() - 1 - axis];
      if (axis >= own.size())
        continue;
      int64_t extent = own[own.size() - 1 - axis];
      position += extent == 1 ? 0 : index * stride;
      stride *= extent;
    }
    result.positions.push_back(position);
  }
  return result;
}

template <typename T>
void push(std::vector<char> &out, T value) {
  const char *bytes = reinterpret_cast<const char *>(&value);
  out.insert(out.end(), bytes, bytes + sizeof(T));
}

/// Calls `visit` with a value of the C++ type for `type`; false where there is
/// none.
template <typename Visit>
bool visitType(Type type, Visit visit) {
  auto integer = dyn_cast<IntegerType>(type);
  bool isUnsigned = integer && integer.isUnsigned();
  unsigned width = integer ? integer.getWidth() : 0;
  if (type.isF32())
    visit(float());
  else if (type.isF64())
    visit(double());
  else if (width == 8)
    isUnsigned ? visit(uint8_t()) : visit(int8_t());
  else if (width == 16)
    isUnsigned ? visit(uint16_t()) : visit(int16_t());
  else if (width == 32)
    isUnsigned ? visit(uint32_t()) : visit(int32_t());
  else if (width == 64)
    isUnsigned ? visit(uint64_t()) : visit(int64_t());
  else
    return false;
  return true;
}

/// Integers wrap: computed without a sign.
template <typename T>
T wrap(char op, T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return op == '+' ? a + b : op == '-' ? a - b : a * b;
  uint64_t x = uint64_t(a), y = uint64_t(b);
  return T(op == '+' ? x + y : op == '-' ? x - y : x * y);
}

/// The result of `a op b`, or nothing where it is not folded.
template <typename T>
std::optional<T> arithmetic(StringRef op, T a, T b) {
  if (op == "Add" || op == "Sub" || op == "Mul")
    return wrap(op == "Add" ? '+' : op == "Sub" ? '-' : '*', a, b);
  if constexpr (std::is_floating_point_v<T>) {
    if (op == "Div")
      return a / b;
  } else {
    // Truncates; division by zero is the kernel's business.
    bool overflows = std::is_signed_v<T> && b == T(-1);
    if (op == "Div" && b != 0)
      return overflows ? wrap('-', T(0), a) : T(a / b);
    if (op == "Max" || op == "Min")
      return op == "Max" ? std::max(a, b) : std::min(a, b);
  }
  return std::nullopt;
}

template <typename T>
std::optional<bool> comparison(StringRef op, T a, T b) {
  if (op == "Equal")
    return a == b;
  if (op == "Less")
    return a < b;
  if (op == "LessOrEqual")
    return a <= b;
  if (op == "Greater")
    return a > b;
  if (op == "GreaterOrEqual")
    return a >= b;
  return std::nullopt;
}

template <typename T>
std::optional<T> unary(StringRef op, T x) {
  if constexpr (std::is_floating_point_v<T>) {
    if (op == "Neg")
      return -x;
    if (op == "Sqrt")
      return std::sqrt(x);
    if (op == "Reciprocal")
      return T(1) / x;
    if (op == "Floor")
      return std::floor(x);
    if (op == "Ceil")
      return std::ceil(x);
    if (op == "Abs")
      return std::fabs(x);
  } else if (op == "Neg") {
    return wrap('-', T(0), x);
  }
  return std::nullopt;
}

/// `x` as a To, or nothing where the result is not defined.
template <typename To, typename From>
std::optional<To> convert(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    double low = double(std::numeric_limits<To>::min());
    double high = std::ldexp(1.0, std::numeric_limits<To>::digits);
    if (!(double(x) > low - 1 && double(x) < high))
      return std::nullopt;
  }
  return static_cast<To>(x);
}

ElementsAttr make(ArrayRef<int64_t> shape, Type element, bool isComplete,
                  std::vector<char> bytes) {
  if (!isComplete)
    return {};
  return onnx::getWeight(RankedTensorType::get(shape, element),
                         std::move(bytes));
}

ElementsAttr foldBinary(StringRef op, ElementsAttr a, ElementsAttr b,
                        int64_t mostElements) {
  auto shape = broadcastShapes(shapeOf(a), shapeOf(b));
  if (!shape || ShapedType::getNumElements(*shape) > mostElements)
    return {};
  auto left = broadcast(a, *shape), right = broadcast(b, *shape);
  if (!left || !right)
    return {};
  std::vector<char> out;
  bool isComplete = true, isComparison = false;
  bool known = visitType(a.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    isComparison = comparison<T>(op, zero, zero).has_value();
    for (auto [i, j] : llvm::zip_equal(left->positions, right->positions)) {
      T x = left->bytes.at<T>(i), y = right->bytes.at<T>(j);
      if (isComparison) {
        push<char>(out, *comparison(op, x, y));
      } else if (std::optional<T> value = arithmetic(op, x, y)) {
        push(out, *value);
      } else {
        isComplete = false;
        return;
      }
    }
  });
  Type element =
      isComparison ? IntegerType::get(a.getContext(), 1) : a.getElementType();
  return make(*shape, element, known && isComplete, std::move(out));
}

ElementsAttr foldUnary(StringRef op, ElementsAttr x) {
  auto bytes = onnx::getWeightBytes(x);
  std::vector<char> out;
  bool isComplete = bytes.has_value();
  bool known = visitType(x.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0, n = x.getNumElements(); i < n && isComplete; ++i)
      if (std::optional<T> value = unary(op, bytes->at<T>(i)))
        push(out, *value);
      else
        isComplete = false;
  });
  return make(shapeOf(x), x.getElementType(), known && isComplete,
              std::move(out));
}

/// Floats of at most 8 bits as f32, exactly. Null for other elements.
ElementsAttr widen(ElementsAttr x) {
  auto type = dyn_cast<FloatType>(x.getElementType());
  auto bytes = onnx::getWeightBytes(x);
  if (!type || type.getWidth() > 8 || !bytes)
    return {};
  std::vector<char> out;
  for (char byte : bytes->bytes()) {
    APInt code(type.getWidth(), static_cast<uint8_t>(byte),
               /*isSigned=*/false, /*implicitTrunc=*/true);
    push(out, APFloat(type.getFloatSemantics(), code).convertToFloat());
  }
  return make(shapeOf(x), Float32Type::get(x.getContext()), true,
              std::move(out));
}

ElementsAttr foldCast(ElementsAttr x, Type to) {
  auto bytes = onnx::getWeightBytes(x);
  if (!bytes || x.getElementType() == to)
    return bytes ? x : ElementsAttr();
  if (ElementsAttr wide = widen(x))
    return foldCast(wide, to);
  std::vector<char> out;
  bool isComplete = true;
  auto readFrom = [&](auto from) {
    using From = decltype(from);
    bool known = visitType(to, [&](auto zero) {
      using To = decltype(zero);
      for (int64_t i = 0, n = x.getNumElements(); i < n && isComplete; ++i)
        if (auto value = convert<To>(bytes->at<From>(i)))
          push(out, *value);
        else
          isComplete = false;
    });
    isComplete &= known;
  };
  bool known = x.getElementType().isInteger(1)
                   ? (readFrom(uint8_t()), true)
                   : visitType(x.getElementType(), readFrom);
  return make(shapeOf(x), to, known && isComplete, std::move(out));
}

/// Not, And, Or, Xor.
ElementsAttr foldLogic(StringRef op, ElementsAttr a, ElementsAttr b) {
  auto shape = broadcastShapes(shapeOf(a), shapeOf(b));
  if (!shape || ShapedType::getNumElements(*shape) > maxFoldedElements)
    return {};
  auto left = broadcast(a, *shape), right = broadcast(b, *shape);
  std::vector<char> out;
  for (auto [i, j] : llvm::zip_equal(left->positions, right->positions)) {
    bool x = left->bytes.at<char>(i), y = right->bytes.at<char>(j);
    push<char>(out, op == "Not"   ? !x
                    : op == "And" ? x && y
                    : op == "Or"  ? x || y
                                  : x != y);
  }
  return make(*shape, a.getElementType(), true, std::move(out));
}

ElementsAttr foldWhere(ArrayRef<ElementsAttr> operands) {
  auto shape = broadcastShapes(shapeOf(operands[1]), shapeOf(operands[2]));
  if (shape)
    shape = broadcastShapes(shapeOf(operands[0]), *shape);
  if (!shape || ShapedType::getNumElements(*shape) > maxFoldedElements)
    return {};
  std::optional<Broadcast> parts[3];
  for (unsigned i = 0; i < 3; ++i)
    if (!(parts[i] = broadcast(operands[i], *shape)))
      return {};
  size_t width = onnx::getElementBytes(operands[1].getElementType());
  std::vector<char> out;
  for (size_t i = 0; i < parts[0]->positions.size(); ++i) {
    bool condition = parts[0]->bytes.at<char>(parts[0]->positions[i]);
    const Broadcast &part = *parts[condition ? 1 : 2];
    const char *from = part.bytes.bytes().data() + part.positions[i] * width;
    out.insert(out.end(), from, from + width);
  }
  return make(*shape, operands[1].getElementType(), true, std::move(out));
}

} // namespace

ElementsAttr foldMath(Operation *op, ArrayRef<ElementsAttr> operands,
                      int64_t mostElements) {
  StringRef name = op->getName().stripDialect();
  bool isSmall = llvm::all_of(operands, [&](ElementsAttr operand) {
    return operand && operand.getNumElements() <= mostElements;
  });
  if (!isSmall || op->getNumResults() != 1)
    return {};
  auto result = dyn_cast<TensorType>(op->getResult(0).getType());
  if (name == "Cast" && result)
    return foldCast(operands[0], result.getElementType());
  if (name == "Where")
    return foldWhere(operands);
  bool isLogic = name == "And" || name == "Or" || name == "Xor";
  if (name == "Not" || isLogic)
    return foldLogic(name, operands[0], operands[isLogic]);
  // By name, not by whether an element folds: there may be no element.
  static constexpr llvm::StringLiteral unaryOps[] = {
      "Abs", "Ceil", "Floor", "Neg", "Reciprocal", "Sqrt"};
  static constexpr llvm::StringLiteral binaryOps[] = {
      "Add", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
      "Max", "Min", "Mul",   "Sub"};
  if (operands.size() == 1 && llvm::is_contained(unaryOps, name))
    return foldUnary(name, operands[0]);
  if (operands.size() == 2 && llvm::is_contained(binaryOps, name))
    return foldBinary(name, operands[0], operands[1], mostElements);
  return {};
}

} // namespace dycc
