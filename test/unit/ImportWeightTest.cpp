// Tensors in every form that a file can hold them.
#include "compiler/import/TensorReader.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"
#include <filesystem>
#include <fstream>

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

namespace {

TensorProto makeTensor(int type, std::initializer_list<int64_t> dims) {
  TensorProto tensor;
  tensor.set_name("t");
  tensor.set_data_type(type);
  for (int64_t dim : dims)
    tensor.add_dims(dim);
  return tensor;
}

/// The text of the constant that `tensor` becomes, or the error.
std::string read(const TensorProto &tensor) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<onnx::OnnxDialect>();
  auto file =
      import::ModelFile::parse(llvm::MemoryBuffer::getMemBufferCopy(
                                   ModelMaker().model.SerializeAsString()),
                               "");
  auto value = import::readTensor(&context, *file, tensor);
  std::string text;
  if (value)
    llvm::raw_string_ostream(text) << *value;
  else
    text = llvm::toString(value.takeError());
  return text;
}

TensorProto rawTensor(int type, std::initializer_list<int64_t> dims,
                      std::string bytes) {
  TensorProto tensor = makeTensor(type, dims);
  tensor.set_raw_data(std::move(bytes));
  return tensor;
}

} // namespace

TEST(ImportTensor, ReadsTypedFields) {
  TensorProto halves = makeTensor(TensorProto::FLOAT16, {2});
  halves.add_int32_data(0x3c00);
  halves.add_int32_data(0xc000);
  EXPECT_EQ(read(halves),
            "dense<[1.000000e+00, -2.000000e+00]> : tensor<2xf16>");
  TensorProto bytes = makeTensor(TensorProto::INT8, {2});
  bytes.add_int32_data(-1);
  bytes.add_int32_data(7);
  EXPECT_EQ(read(bytes), "dense<[-1, 7]> : tensor<2xi8>");
  TensorProto words = makeTensor(TensorProto::UINT32, {1});
  words.add_uint64_data(0xffffffffu);
  EXPECT_EQ(read(words), "dense<4294967295> : tensor<1xui32>");
  TensorProto complex = makeTensor(TensorProto::COMPLEX64, {1});
  complex.add_float_data(1);
  complex.add_float_data(2);
  EXPECT_EQ(read(complex), "dense<(1.000000e+00,2.000000e+00)> : "
                           "tensor<1xcomplex<f32>>");
  TensorProto doubles = makeTensor(TensorProto::DOUBLE, {});
  doubles.add_double_data(0.5);
  EXPECT_EQ(read(doubles), "dense<5.000000e-01> : tensor<f64>");
}

TEST(ImportTensor, ReadsRawData) {
  EXPECT_EQ(read(rawTensor(TensorProto::INT16, {2}, {1, 0, -1, -1})),
            "dense<[1, -1]> : tensor<2xi16>");
  EXPECT_EQ(read(rawTensor(TensorProto::BOOL, {3}, {1, 0, 1})),
            "dense<[true, false, true]> : tensor<3xi1>");
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT, {0, 2}, "")),
            "dense<> : tensor<0x2xf32>");
}

TEST(ImportTensor, UnpacksElementsBelowAByte) {
  EXPECT_EQ(read(rawTensor(TensorProto::INT4, {3}, {char(0xf1), 0x02})),
            "dense<[1, -1, 2]> : tensor<3xi4>");
  EXPECT_EQ(read(rawTensor(TensorProto::UINT4, {2}, {char(0xf1)})),
            "dense<[1, 15]> : tensor<2xui4>");
  EXPECT_EQ(read(rawTensor(TensorProto::INT2, {4}, {char(0xe4)})),
            "dense<[0, 1, -2, -1]> : tensor<4xi2>");
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT4E2M1, {3}, {char(0xf1), 0x02})),
            "dense<[5.000000e-01, -6.000000e+00, 1.000000e+00]> : "
            "tensor<3xf4E2M1FN>");
}

/// Four to three bytes in a row, but one by one in a field.
TEST(ImportTensor, UnpacksElementsOfSixBits) {
  std::string text = "dense<[1.000000e+00, -1.000000e+00, 1.250000e-01, "
                     "-7.500000e+00, 2.000000e+00]> : tensor<5xf6E2M3FN>";
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT6E2M3, {5},
                           {0x08, char(0x1a), char(0xfc), 0x10})),
            text);
  TensorProto field = makeTensor(TensorProto::FLOAT6E2M3, {5});
  for (int code : {0x08, 0x28, 0x01, 0xff, 0x10})
    field.add_int32_data(code);
  EXPECT_EQ(read(field), text);
  field.add_int32_data(0);
  EXPECT_EQ(read(field), "has 6 bytes of data, expects 5");
}

TEST(ImportTensor, ReadsStrings) {
  TensorProto strings = makeTensor(TensorProto::STRING, {2});
  strings.add_string_data("a");
  strings.add_string_data("b c");
  EXPECT_EQ(read(strings), "dense<[\"a\", \"b c\"]> : tensor<2x!onnx.string>");
  strings.add_string_data("d");
  EXPECT_EQ(read(strings), "has 3 strings, expects 2");
}

TEST(ImportTensor, RefusesWhatDoesNotFit) {
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT, {2}, "abcd")),
            "has 4 bytes of data, expects 8");
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT, {-2}, "abcd")),
            "negative extent -2");
  EXPECT_EQ(read(rawTensor(TensorProto::FLOAT, {1 << 30, 1 << 30, 16}, "")),
            "the extents' product overflows");
  EXPECT_EQ(read(rawTensor(99, {1}, "a")), "element type 99 is not supported");
  EXPECT_EQ(read(rawTensor(TensorProto::BOOL, {1}, "a")),
            "has a boolean that is neither 0 nor 1");
  TensorProto segment = rawTensor(TensorProto::BOOL, {1}, "a");
  segment.mutable_segment()->set_begin(0);
  EXPECT_EQ(read(segment), "segments are not supported");
  TensorProto outside = makeTensor(TensorProto::INT8, {4});
  outside.set_bulk_offset(1 << 30);
  outside.set_bulk_length(4);
  EXPECT_TRUE(llvm::StringRef(read(outside)).contains("of a file of"));
}

TEST(ImportTensor, ReadsSparseTensors) {
  ModelMaker m;
  m.output("s");
  proto::SparseTensorProto &sparse = *m.graph().add_sparse_initializer();
  *sparse.mutable_values() = rawTensor(TensorProto::INT8, {2}, {5, 6});
  sparse.mutable_values()->set_name("s");
  sparse.add_dims(2);
  sparse.add_dims(2);
  TensorProto &indices = *sparse.mutable_indices();
  indices = makeTensor(TensorProto::INT64, {2});
  indices.add_int64_data(1);
  indices.add_int64_data(2);
  EXPECT_TRUE(importModel(m).has("dense<[[0, 5], [6, 0]]> : tensor<2x2xi8>"));
  proto::TensorProto values = sparse.values();
  *sparse.mutable_values() = makeTensor(TensorProto::STRING, {2});
  sparse.mutable_values()->set_name("s");
  sparse.mutable_values()->add_string_data("a");
  sparse.mutable_values()->add_string_data("b");
  EXPECT_TRUE(importModel(m).failsWith(
      "initializer \"s\": sparse tensors of strings are not supported"));
  *sparse.mutable_values() = values;
  indices = makeTensor(TensorProto::INT64, {2, 2});
  for (int64_t index : {0, 0, 1, 1})
    indices.add_int64_data(index);
  EXPECT_TRUE(importModel(m).has("dense<[[5, 0], [0, 6]]> : tensor<2x2xi8>"));
  indices.set_int64_data(3, 2);
  EXPECT_TRUE(importModel(m).failsWith("sparse index 1 is out of the tensor"));
  indices = makeTensor(TensorProto::INT32, {2});
  indices.add_int32_data(0);
  indices.add_int32_data(0);
  EXPECT_TRUE(importModel(m).failsWith("sparse indices of an unexpected type"));
  sparse.set_dims(0, int64_t(1) << 40);
  EXPECT_TRUE(importModel(m).failsWith("sparse tensor of more than"));
}

TEST(WeightStore, LongTensorsStayInTheFileAndAreShared) {
  std::string bytes(4096, 'x');
  ModelMaker m;
  m.output("a", TensorProto::INT8).output("b", TensorProto::UINT8);
  for (const char *name : {"a", "b"}) {
    TensorProto &tensor = *m.graph().add_initializer();
    tensor = rawTensor(name[0] == 'a' ? TensorProto::INT8 : TensorProto::UINT8,
                       {64, 64}, bytes);
    tensor.set_name(name);
  }
  auto buffer =
      llvm::MemoryBuffer::getMemBufferCopy(m.model.SerializeAsString());
  const char *begin = buffer->getBufferStart(), *end = buffer->getBufferEnd();
  Imported r = catchImport([&](mlir::MLIRContext &context) {
    return importOnnx(std::move(buffer), "test", context);
  });
  ASSERT_TRUE(r) << r.errors;
  std::vector<const char *> data;
  (*r.module)->walk([&](mlir::Operation *op) {
    if (auto value = op->getAttrOfType<mlir::ElementsAttr>("value"))
      data.push_back(onnx::getWeightBytes(value)->bytes().data());
  });
  ASSERT_EQ(data.size(), 2u);
  EXPECT_EQ(data[0], data[1]);
  EXPECT_TRUE(data[0] > begin && data[0] < end) << "the weight was copied";
}

TEST(WeightStore, BytesOfEveryFormAreWrittenOut) {
  mlir::MLIRContext context;
  auto bytesOf = [](mlir::ElementsAttr value) {
    auto weight = onnx::getWeightBytes(value);
    return std::string(weight->bytes().begin(), weight->bytes().end());
  };
  auto type = [&](int64_t n, unsigned width) {
    return mlir::RankedTensorType::get(n,
                                       mlir::IntegerType::get(&context, width));
  };
  EXPECT_EQ(bytesOf(onnx::getWeight(type(3, 8), {7, 7, 7})), "\7\7\7");
  EXPECT_EQ(bytesOf(onnx::getWeight(type(3, 1), {1, 0, 1})),
            std::string("\1\0\1", 3));
  EXPECT_EQ(bytesOf(onnx::getWeight(type(2000, 1), std::vector<char>(2000, 1))),
            std::string(2000, 1));
}
