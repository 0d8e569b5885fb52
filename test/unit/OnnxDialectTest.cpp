// The operator table against the dialect, and what operators say of themselves.
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxSchema.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace dycc::onnx;

namespace {

class OnnxDialectTest : public ::testing::Test {
protected:
  OnnxDialectTest() { context.loadDialect<OnnxDialect, func::FuncDialect>(); }

  /// The first op of `line`, parsed in a function with arguments of each kind.
  Operation *parse(llvm::StringRef line) {
    std::string text = "func.func @f(%f: tensor<*xf32>, %i: tensor<*xi64>, "
                       "%b: tensor<i1>) {\n" +
                       line.str() + "\nreturn\n}";
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return nullptr;
    auto function = cast<func::FuncOp>(module->getBody()->front());
    return &function.getBody().front().front();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

size_t countOpen(llvm::ArrayRef<OperandSchema> operands) {
  return llvm::count_if(operands, [](const OperandSchema &operand) {
    return operand.arity != Arity::Single;
  });
}

TEST_F(OnnxDialectTest, EveryOperatorIsRegistered) {
  EXPECT_GT(allOperators().size(), 200u);
  for (const OperatorSchema &schema : allOperators()) {
    std::string name = ("onnx." + schema.name).str();
    auto op = RegisteredOperationName::lookup(name, &context);
    ASSERT_TRUE(op) << name;
    EXPECT_TRUE(op->hasInterface<DynamismOpInterface>()) << name;
    EXPECT_TRUE(op->hasInterface<MappingTypeOpInterface>()) << name;
    EXPECT_EQ(op->hasTrait<OpTrait::AttrSizedOperandSegments>(),
              countOpen(schema.inputs) > 1)
        << name;
    EXPECT_EQ(op->hasTrait<OpTrait::AttrSizedResultSegments>(),
              countOpen(schema.outputs) > 1)
        << name;
  }
}

TEST_F(OnnxDialectTest, TableIsSortedAndFound) {
  EXPECT_TRUE(llvm::is_sorted(
      allOperators(), [](const OperatorSchema &a, const OperatorSchema &b) {
        return a.name < b.name;
      }));
  for (const OperatorSchema &schema : allOperators()) {
    EXPECT_EQ(findOperator("", schema.name), &schema);
    EXPECT_TRUE(llvm::is_sorted(schema.versions));
    EXPECT_LE(schema.versions.back(), newestOpset());
  }
  EXPECT_EQ(findOperator("ai.onnx", "Add"), findOperator("", "Add"));
  EXPECT_EQ(findOperator("", "Aaa"), nullptr);
  EXPECT_EQ(findOperator("", "Zzz"), nullptr);
  EXPECT_EQ(findOperator("com.example", "Add"), nullptr);
}

TEST_F(OnnxDialectTest, TableHoldsTheSchema) {
  const OperatorSchema *clip = findOperator("", "Clip");
  ASSERT_TRUE(clip);
  EXPECT_EQ(clip->versions, llvm::ArrayRef<int>({1, 6, 11, 12, 13}));
  ASSERT_EQ(clip->inputs.size(), 3u);
  EXPECT_EQ(clip->inputs[1].name, "min");
  EXPECT_EQ(clip->inputs[1].arity, Arity::Optional);
  EXPECT_EQ(clip->inputs[1].type, "T");
  EXPECT_TRUE(clip->attributes.empty());
  const OperatorSchema *cast = findOperator("", "Cast");
  ASSERT_TRUE(cast);
  EXPECT_EQ(cast->attributes.back().name, "to");
  EXPECT_EQ(cast->attributes.back().kind, AttributeKind::Int);
  EXPECT_TRUE(cast->attributes.back().required);
}

TEST_F(OnnxDialectTest, ControllingOperandsArePresentOnes) {
  auto reshape = dyn_cast_or_null<DynamismOpInterface>(
      parse("%r = onnx.Reshape %f, %i : (tensor<*xf32>, tensor<*xi64>) -> "
            "tensor<*xf32>"));
  ASSERT_TRUE(reshape);
  EXPECT_EQ(reshape.getCategory(), Category::ISVDOS);
  EXPECT_EQ(reshape.getControllingOperands(),
            llvm::SmallVector<Value>{reshape->getOperand(1)});

  auto resize = dyn_cast_or_null<DynamismOpInterface>(
      parse("%r = onnx.Resize %f, %i {operandSegmentSizes = array<i32: 1, 0, "
            "0, 1>} : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>"));
  ASSERT_TRUE(resize);
  EXPECT_EQ(resize.getControllingOperands(),
            llvm::SmallVector<Value>{resize->getOperand(1)});

  auto split = dyn_cast_or_null<DynamismOpInterface>(
      parse("%r = onnx.Split %f {num_outputs = 1 : i64} : (tensor<*xf32>) -> "
            "tensor<*xf32>"));
  ASSERT_TRUE(split);
  EXPECT_EQ(split.getCategory(), Category::ISVDOS);
  EXPECT_TRUE(split.getControllingOperands().empty());
}

TEST_F(OnnxDialectTest, MappingTypes) {
  auto mapping = [&](llvm::StringRef line) {
    auto op = dyn_cast_or_null<MappingTypeOpInterface>(parse(line));
    return op ? stringifyMappingType(op.getMappingType()) : "";
  };
  EXPECT_EQ(mapping("%r = onnx.Transpose %f : (tensor<*xf32>) -> "
                    "tensor<*xf32>"),
            "Shuffle");
  EXPECT_EQ(mapping("%r = onnx.NonZero %f : (tensor<*xf32>) -> tensor<*xi64>"),
            "Opaque");
}

TEST_F(OnnxDialectTest, IntegersAreSignedAndDefaulted) {
  auto softmax = dyn_cast_or_null<SoftmaxOp>(
      parse("%r = onnx.Softmax %f : (tensor<*xf32>) -> tensor<*xf32>"));
  ASSERT_TRUE(softmax);
  EXPECT_LT(softmax.getAxis(), 0);
}

} // namespace
