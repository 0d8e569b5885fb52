// The import of whole graphs: names, types, regions, functions.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

/// Conv, Add and Relu with a weight.
static ModelMaker makeSmallNet() {
  ModelMaker m;
  m.input("x").output("y");
  auto *shape = m.graph().mutable_input(0)->mutable_type()
                    ->mutable_tensor_type()->mutable_shape();
  shape->add_dim()->set_dim_param("N");
  shape->add_dim()->set_dim_value(3);
  shape->add_dim()->set_dim_param("H");
  shape->add_dim();
  TensorProto &w = *m.graph().add_initializer();
  w.set_name("w");
  w.set_data_type(TensorProto::FLOAT);
  for (int64_t dim : {1, 3, 1, 1})
    w.add_dims(dim);
  for (float f : {1.f, 2.f, 3.f})
    w.add_float_data(f);
  set(m.node("Conv", {"x", "w"}, {"c"}), "pads", {0, 0, 0, 0});
  m.node("Add", {"c", "c"}, {"a"});
  m.node("Relu", {"a"}, {"y"});
  return m;
}

TEST(Import, KeepsNamesAndDims) {
  Imported r = import(makeSmallNet());
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("func.func @main(%arg0: tensor<?x3x?x?xf32> {dyn.dims = "
                    "[\"N\", 3, \"H\", unit], onnx.name = \"x\"}) -> "
                    "(tensor<*xf32> {onnx.name = \"y\"})"))
      << r.text;
  EXPECT_TRUE(r.has("onnx.Conv")) << r.text;
  EXPECT_TRUE(r.has("onnx.Relu"));
  EXPECT_TRUE(r.has("onnx.model = "));
}
