#ifndef DYCC_COMPILER_IMPORT_NODEFORM_H
#define DYCC_COMPILER_IMPORT_NODEFORM_H

#include "dialects/onnx/OnnxSchema.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/Diagnostics.h"
#include <memory>

namespace dycc::import {

/// A node on its way from the protobuf into the module: its operands are
/// values already, and it changes from the form of its opset to the newest.
struct NodeForm {
  std::string op;
  llvm::SmallVector<mlir::Value> operands; ///< Null where absent.
  mlir::NamedAttrList attributes;          ///< Without subgraphs.
  /// Subgraphs, in the order of the schema's graph attributes; null where an
  /// operator of another domain lacks one.
  llvm::SmallVector<std::unique_ptr<mlir::Region>> regions;
  /// Per output: does it have a name?
  llvm::SmallVector<bool> wanted;
  /// Set by an upgrade that has created all ops itself: a value per output.
  llvm::SmallVector<mlir::Value> results;

  mlir::Value operand(size_t i) const {
    return i < operands.size() ? operands[i] : mlir::Value();
  }
  bool wants(size_t i) const { return i < wanted.size() && wanted[i]; }
  /// An INT attribute, or the default.
  int64_t getInt(llvm::StringRef name, int64_t fallback) const;
  std::optional<int64_t> findInt(llvm::StringRef name) const;
  llvm::StringRef getString(llvm::StringRef name,
                            llvm::StringRef fallback) const;
};

/// Creates ops at the place and with the location of one node.
class OpEmitter {
public:
  /// `label` names the node in error texts, e.g. `'Gather' node "emb"`.
  OpEmitter(mlir::OpBuilder &builder, mlir::Location location,
            std::string label)
      : builder(builder), location(location), label(std::move(label)) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return location; }
  /// Begins an error text with the node's label.
  mlir::InFlightDiagnostic error() const;

  /// Checks attributes, operands, their types and the number of outputs of an
  /// operator that no op of the dialect is made for.
  mlir::LogicalResult check(const onnx::OperatorSchema &schema,
                            const NodeForm &form);

  /// Creates the op that `form`, in the newest form, describes. Takes the
  /// regions. Gives a value per output, null where it is absent.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> create(NodeForm &form);

  /// Creates an op with one result. Passes a null operand on as an absent one.
  /// After an error the node `isBroken`: what it goes on with are values that
  /// stand in for the others, and nothing more is said.
  mlir::Value emit(llvm::StringRef op, llvm::ArrayRef<mlir::Value> operands,
                   llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// The same with so many results.
  llvm::SmallVector<mlir::Value>
  emitAll(llvm::StringRef op, llvm::ArrayRef<mlir::Value> operands,
          size_t count, llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  bool isBroken() const { return broken; }
  mlir::Value constant(mlir::ElementsAttr value);
  /// A vector of i64.
  mlir::Value vector(llvm::ArrayRef<int64_t> values);
  /// A scalar i64.
  mlir::Value scalar(int64_t value);
  /// A scalar of that float or integer type.
  mlir::Value scalar(mlir::Type elementType, double value);
  mlir::NamedAttribute attr(llvm::StringRef name, int64_t value);
  mlir::NamedAttribute attr(llvm::StringRef name, llvm::StringRef value);

private:
  mlir::LogicalResult addOperands(const onnx::OperatorSchema &schema,
                                  const NodeForm &form,
                                  mlir::OperationState &state);
  mlir::LogicalResult addResults(const onnx::OperatorSchema &schema,
                                 const NodeForm &form,
                                 mlir::OperationState &state,
                                 llvm::SmallVectorImpl<bool> &present);
  mlir::LogicalResult checkAttributes(const onnx::OperatorSchema &schema,
                                      const NodeForm &form);

  mlir::OpBuilder &builder;
  mlir::Location location;
  std::string label;
  bool broken = false;
};

/// The value that `value` has at compile time, or null.
mlir::ElementsAttr getConstant(mlir::Value value);
/// The element type of a tensor value.
mlir::Type elementTypeOf(mlir::Value value);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_NODEFORM_H
