#ifndef DYCC_DIALECTS_ONNX_ONNXSCHEMA_H
#define DYCC_DIALECTS_ONNX_ONNXSCHEMA_H

#include "dialects/onnx/OnnxTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace dycc::onnx {

/// How many values one formal operand or result stands for.
enum class Arity : uint8_t { Single, Optional, Variadic };
/// The type field of an attribute in the protobuf.
enum class AttributeKind : uint8_t {
  Int,
  Float,
  String,
  Tensor,
  Graph,
  SparseTensor,
  TypeProto,
  Ints,
  Floats,
  Strings,
  Tensors,
  Graphs,
};

/// One formal operand or result.
struct OperandSchema {
  llvm::StringLiteral name;
  Arity arity;
  /// A type parameter ("T": equal names have equal types) or a type
  /// ("tensor(int64)"); empty for a variadic whose values may differ in type.
  llvm::StringLiteral type;
  ElementSet elements; ///< What it may be.
};

/// One attribute.
struct AttributeSchema {
  llvm::StringLiteral name; ///< As in the protobuf, e.g. "kernel_shape".
  AttributeKind kind;
  bool required;
};

/// One operator in the form that the `onnx` dialect has: its newest.
struct OperatorSchema {
  llvm::StringLiteral domain;   ///< "" for the default domain.
  llvm::StringLiteral name;     ///< The op's mnemonic is the same: `onnx.Conv`.
  llvm::ArrayRef<int> versions; ///< Every since_version, ascending.
  llvm::ArrayRef<OperandSchema> inputs, outputs;
  llvm::ArrayRef<AttributeSchema> attributes;
};

/// The operator of that name in ONNX's default domain, or null for others.
const OperatorSchema *findOperator(llvm::StringRef domain,
                                   llvm::StringRef name);
/// All operators of the dialect, sorted by name.
llvm::ArrayRef<OperatorSchema> allOperators();
/// An operator that ONNX has in its domain for classical learning, or that ONNX
/// Runtime adds to ONNX's, mostly in a domain of its own; or null. The dialect
/// has none of them: the import writes them by means of others.
const OperatorSchema *findContributed(llvm::StringRef domain,
                                      llvm::StringRef name);
/// All of these, sorted by domain and name.
llvm::ArrayRef<OperatorSchema> allContributed();
/// What is not supported of a contributed operator, or an empty text.
llvm::StringRef contributedNote(const OperatorSchema &schema);
/// What the set holds, in words: "float, i32 or i64".
std::string describeElements(ElementSet set);
/// The newest opset of the default domain that the table was made from.
int newestOpset();

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_ONNXSCHEMA_H
