// The parts of dycc-run that need no model.
#include "test/unit/RuntimeToolFixture.h"
#include "tools/dycc-run/Compare.h"
#include "tools/dycc-run/Npy.h"
#include "tools/dycc-run/TensorProto.h"

#include <cmath>
#include <csignal>
#include <set>
#include <sys/resource.h>

namespace dycc::run {
namespace {

TEST(RunTensor, ReadsExtentsAndType) {
  HostTensor x = makeTensor("1x3x64xf32", 1);
  EXPECT_EQ(x.describe(), "f32[1, 3, 64]");
  EXPECT_EQ(makeTensor("f64", 1).describe(), "f64[]");
  EXPECT_EQ(makeTensor("0x5xi8", 1).count(), 0);
}

TEST(RunTensor, FillsFromTheSeed) {
  HostTensor a = makeTensor("100xf32", 1), b = makeTensor("100xf32", 1);
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_NE(a.bytes, makeTensor("100xf32", 2).bytes);
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(a.at(i), -1);
    EXPECT_LT(a.at(i), 1);
  }
}

TEST(RunTensor, FillsWithinBounds) {
  HostTensor x = makeTensor("1000xi64:-2..3", 1);
  std::set<double> seen;
  for (int i = 0; i < 1000; ++i)
    seen.insert(x.at(i));
  EXPECT_EQ(seen, (std::set<double>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(makeTensor("3xu8:7", 1).at(2), 7);
  EXPECT_EQ(makeTensor("bf16:0.5", 1).at(0), 0.5);
  EXPECT_EQ(makeTensor("f16:-1.5", 1).at(0), -1.5);
}

TEST(RunTensor, HasElementsOfAtMostEightBits) {
  HostTensor scales = makeTensor("2xf8e8m0fnu:0.3", 1);
  EXPECT_EQ(scales.describe(), "f8e8m0fnu[2]");
  EXPECT_EQ(scales.at(1), 0.25);
  EXPECT_EQ(makeTensor("f8e4m3fn:1000", 1).at(0), 448);
  EXPECT_EQ(makeTensor("f8e5m2fnuz:-0.3", 1).at(0), -0.3125);
  EXPECT_EQ(makeTensor("f6e3m2fn:-0.01", 1).at(0), 0);
  EXPECT_EQ(makeTensor("f4e2m1fn:2.5", 1).at(0), 2); // The even one.
  EXPECT_EQ(makeTensor("i4:-8", 1).at(0), -8);
  for (const char *text : {"200xi2", "200xu2", "200xi4"}) {
    HostTensor x = makeTensor(text, 1);
    EXPECT_EQ(x.bytes.size(), 200u);
    for (int64_t i = 0; i < 200; ++i)
      EXPECT_LT(x.at(i), text[4] == 'i' ? text[5] == '2' ? 2 : 8 : 4);
  }
}

TEST(RunTensor, RefusesOtherTexts) {
  const char *ending = ", expects extents and a type, like 1x3x64x64xf32";
  auto expect = [&](const char *text, const std::string &why) {
    EXPECT_EQ(refusalOf([&] { makeTensor(text, 1); }), why + ending);
  };
  expect("1x3xq7", "'1x3xq7': 'q7' is no element type");
  expect("1xqxf32", "'1xqxf32': 'q' is no number");
  expect("1xf32:a..b", "'1xf32:a..b': 'a' is no number");
  EXPECT_EQ(refusalOf([] { makeTensor("-1xf32", 1); }),
            "extent is -1, expects none below 0");
  EXPECT_EQ(refusalOf([] { makeTensor("99999999x99999999xf32", 1); }),
            "tensor has more than 2^40 elements");
}

TEST(RunNpy, KeepsEveryType) {
  for (const char *name : {"f16", "f32", "f64", "i8", "i16", "i32", "i64", "u8",
                           "u16", "u32", "u64", "bool"}) {
    TemporaryFile file;
    for (const std::vector<int64_t> &shape :
         {std::vector<int64_t>{2, 3}, {4}, {}, {0, 3}}) {
      HostTensor tensor(typeOf(name), shape);
      for (int64_t i = 0; i < tensor.count(); ++i)
        tensor.set(i, i % 2);
      writeNpy(file.path, tensor);
      HostTensor read = readNpy(file.path);
      EXPECT_EQ(read.describe(), tensor.describe());
      EXPECT_EQ(read.bytes, tensor.bytes);
    }
  }
}

/// NumPy has no such types: their bits, or integers of a byte.
TEST(RunNpy, CarriesWhatNumPyLacks) {
  const std::pair<const char *, const char *> carriers[] = {
      {"bf16", "u16"}, {"f8e4m3fn", "u8"}, {"f4e2m1fn", "u8"},
      {"u4", "u8"},    {"i4", "i8"},       {"i2", "i8"}};
  for (auto [name, carrier] : carriers) {
    TemporaryFile file;
    HostTensor tensor(typeOf(name), {2});
    tensor.set(1, -1);
    writeNpy(file.path, tensor);
    HostTensor read = readNpy(file.path);
    EXPECT_EQ(read.describe(), std::string(carrier) + "[2]");
    EXPECT_EQ(read.bytes, tensor.bytes);
    EXPECT_TRUE(isSame(carrierOf(typeOf(name)), read.type));
  }
}

TEST(RunNpy, ReadsOtherOrders) {
  TemporaryFile file(
      makeNpy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }",
              std::string("\0\1\0\4\0\2\0\5\0\3\0\6", 12)));
  HostTensor read = readNpy(file.path);
  EXPECT_EQ(read.describe(), "i16[2, 3]");
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(read.at(i), i + 1);
}

TEST(RunNpy, RefusesOtherFiles) {
  auto expect = [](const std::string &text, const std::string &why) {
    TemporaryFile file(text);
    EXPECT_EQ(refusalOf([&] { readNpy(file.path); }),
              "'" + file.path + "': " + why);
  };
  expect("not numpy at all", "is no .npy file");
  expect(makeNpy("{'descr': '<f4', 'fortran_order': False, 'shape': "
                 "(99999999999999999999,), }",
                 ""),
         "extent in the header is too large");
  expect(std::string("\x93NUMPY\x01\x00\xff\xff 12345", 16),
         "is cut off in its header");
  expect(makeNpy("{'fortran_order': False, 'shape': (2,), }", ""),
         "header has no 'descr'");
  expect(makeNpy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
                 "12345678"),
         "elements are '<c8', expects plain numbers, bools or strings of type "
         "U");
  expect(makeNpy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
                 "1234"),
         "has 4 bytes of data, expects 8");
  EXPECT_EQ(refusalOf([] { readNpy("/nonexistent.npy"); }),
            "'/nonexistent.npy': No such file or directory");
  EXPECT_EQ(refusalOf([] { writeNpy("/nonexistent/a.npy", HostTensor()); }),
            "elements of type 0:0 have no form in .npy");
  EXPECT_EQ(
      refusalOf([] { writeNpy("/nonexistent/a.npy", makeTensor("f32", 1)); }),
      "'/nonexistent/a.npy': No such file or directory");
}

TEST(RunNpy, LeavesNoPartialFile) {
  std::string path = testing::TempDir() + "dycc-partial.npy";
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = {1000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  std::string text =
      refusalOf([&] { writeNpy(path, makeTensor("9999xf32", 1)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(text, "'" + path + "': File too large");
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(RunTensorProto, ReadsRawData) {
  // dims 2, data_type 1 (float), raw_data, name "x".
  TemporaryFile file(std::string("\x08\x02\x10\x01\x4a\x08\0\0\x80\x3f\0\0\0"
                                 "\x40\x42\x01x",
                                 17));
  NamedTensor read = readTensorProto(file.path);
  EXPECT_EQ(read.name, "x");
  EXPECT_EQ(read.tensor.describe(), "f32[2]");
  EXPECT_EQ(read.tensor.at(0), 1);
  EXPECT_EQ(read.tensor.at(1), 2);
}

TEST(RunTensorProto, ReadsTypedData) {
  // dims 3 packed, data_type 6 (int32), int32_data packed: 1, -1, 300.
  TemporaryFile ints(std::string("\x0a\x01\x03\x10\x06\x2a\x0d\x01"
                                 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                 "\xac\x02",
                                 20));
  HostTensor read = readTensorProto(ints.path).tensor;
  EXPECT_EQ(read.describe(), "i32[3]");
  EXPECT_EQ(read.at(1), -1);
  EXPECT_EQ(read.at(2), 300);
  // A scalar: data_type 11 (double), double_data not packed.
  TemporaryFile real(std::string("\x10\x0b\x51\0\0\0\0\0\0\xf8\x3f", 11));
  read = readTensorProto(real.path).tensor;
  EXPECT_EQ(read.describe(), "f64[]");
  EXPECT_EQ(read.at(0), 1.5);
}

TEST(RunTensorProto, UnpacksElementsOfFewBits) {
  // dims 3, data_type 22 (int4), raw_data: 1, -1, 2.
  TemporaryFile fours(std::string("\x08\x03\x10\x16\x4a\x02\xf1\x02", 8));
  HostTensor read = readTensorProto(fours.path).tensor;
  EXPECT_EQ(read.describe(), "i4[3]");
  EXPECT_EQ(read.at(1), -1);
  EXPECT_EQ(read.at(2), 2);
  // dims 2, data_type 27 (float6e2m3), raw_data: 1, -1.
  TemporaryFile sixes(std::string("\x08\x02\x10\x1b\x4a\x02\x08\x0a", 8));
  read = readTensorProto(sixes.path).tensor;
  EXPECT_EQ(read.describe(), "f6e2m3fn[2]");
  EXPECT_EQ(read.at(0), 1);
  EXPECT_EQ(read.at(1), -1);
  // The same as int32_data, one by one; data_type 25 (uint2) has four in one.
  TemporaryFile single(std::string("\x08\x02\x10\x1b\x2a\x02\x08\x28", 8));
  EXPECT_EQ(readTensorProto(single.path).tensor.bytes, read.bytes);
  TemporaryFile twos(std::string("\x08\x03\x10\x19\x2a\x01\x24", 7));
  read = readTensorProto(twos.path).tensor;
  EXPECT_EQ(read.describe(), "u2[3]");
  EXPECT_EQ(read.at(1), 1);
  EXPECT_EQ(read.at(2), 2);
}

TEST(RunTensorProto, RefusesOtherFiles) {
  auto expect = [](std::string_view text, const std::string &why) {
    TemporaryFile file(text);
    EXPECT_EQ(refusalOf([&] { readTensorProto(file.path); }),
              "'" + file.path + "': " + why);
  };
  expect(std::string_view("\x08\x02\x10\x01\x4a\x08\0\0", 8),
         "is cut off or no tensor");
  expect("\xff\xff", "is cut off or no tensor");
  expect(std::string_view("\x08\x02\x10\x01\x4a\x04\0\0\0\0", 10),
         "has 4 bytes of data, expects 8");
  expect(std::string_view("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10"
                          "\x01\x4a\x00",
                          15),
         "extent is -1, expects none below 0");
  expect(std::string_view("\x08\x80\x80\x80\x80\x80\x20\x08\x80\x80\x80\x80"
                          "\x80\x20\x10\x01",
                          16),
         "has more than 2^48 bytes");
  expect("\x10\x0e", "element type 14 of ONNX is not supported");
  expect("\x10\x08", "has 0 strings, expects 1");
  expect(std::string_view("\x10\x01\x32\x00", 4),
         "element type 1 of ONNX is not supported");
  expect("\x10\x63", "element type 99 of ONNX is not supported");
  expect(std::string_view("\x10\x01\x6a\x00", 4),
         "data in another file is not supported");
  TemporaryFile large("");
  std::filesystem::resize_file(large.path, uintmax_t(1) << 31);
  EXPECT_EQ(refusalOf([&] { readTensorProto(large.path); }),
            "'" + large.path + "': is larger than 2 GB");
}

TEST(RunHostTensor, ReadsEveryHalf) {
  HostTensor halves(typeOf("f16"), {1 << 16});
  for (int bits = 0; bits < 1 << 16; ++bits) {
    auto half = uint16_t(bits);
    memcpy(&halves.bytes[size_t(bits) * 2], &half, sizeof(half));
  }
  for (int bits = 0; bits < 1 << 16; ++bits) {
    auto half = uint16_t(bits);
    _Float16 expected;
    memcpy(&expected, &half, sizeof(expected));
    double found = halves.at(bits);
    EXPECT_TRUE(found == double(expected) ||
                (std::isnan(found) && std::isnan(double(expected))))
        << bits << ": " << found;
  }
}

TEST(RunHostTensor, ReadsAndWritesEveryNarrowFloat) {
  for (const char *name : {"f8e4m3fn", "f8e4m3fnuz", "f8e5m2", "f8e5m2fnuz",
                           "f8e8m0fnu", "f6e2m3fn", "f6e3m2fn", "f4e2m1fn"}) {
    HostTensor all(typeOf(name), {1 << typeOf(name).bits});
    int64_t numbers = 0;
    for (int64_t code = 0; code < all.count(); ++code) {
      all.bytes[code] = char(code);
      double value = all.at(code);
      if (!std::isfinite(value))
        continue;
      ++numbers;
      HostTensor again(all.type, {1});
      again.set(0, value);
      EXPECT_EQ(again.bytes[0], char(code)) << name << " " << value;
    }
    EXPECT_GE(numbers, all.count() - 8) << name; // Of E5M2.
  }
}

HostTensor makeFloats(std::vector<double> values) {
  HostTensor tensor(typeOf("f32"), {int64_t(values.size())});
  for (size_t i = 0; i < values.size(); ++i)
    tensor.set(i, values[i]);
  return tensor;
}

TEST(RunCompare, AllowsTheTolerance) {
  HostTensor expected = makeFloats({1000, 1});
  EXPECT_TRUE(compare(makeFloats({1000.5, 1.05}), expected, {}).matches);
  Comparison worse = compare(makeFloats({1000.5, 1.2}), expected, {});
  EXPECT_FALSE(worse.matches);
  EXPECT_EQ(worse.text,
            "1 of 2 elements beyond the tolerance, worst deviation 0.5 at "
            "[0]: 1000.5, expects 1000");
  EXPECT_FALSE(
      compare(makeFloats({1000.5, 1.05}), expected, {1e-3, 0.01}).matches);
  EXPECT_EQ(compare(expected, expected, {}).text, "2 elements equal");
}

TEST(RunCompare, KnowsNanAndInfinity) {
  HostTensor expected = makeFloats({NAN, INFINITY, 1});
  EXPECT_TRUE(compare(expected, expected, {}).matches);
  EXPECT_TRUE(compare(makeFloats({-NAN, INFINITY, 1}), expected, {}).matches);
  EXPECT_FALSE(compare(makeFloats({1, INFINITY, 1}), expected, {}).matches);
  EXPECT_FALSE(compare(makeFloats({NAN, -INFINITY, 1}), expected, {}).matches);
  EXPECT_FALSE(compare(makeFloats({NAN, INFINITY, NAN}), expected, {}).matches);
  EXPECT_FALSE(compare(makeFloats({NAN, 1e38, 1}), expected, {}).matches);
}

TEST(RunCompare, ComparesIntegersExactly) {
  HostTensor a(typeOf("i64"), {1}), b(typeOf("i64"), {1});
  int64_t large = (int64_t(1) << 60) + 1;
  memcpy(a.bytes.data(), &large, 8);
  EXPECT_TRUE(compare(a, a, {10, 10}).matches);
  --large;
  memcpy(b.bytes.data(), &large, 8);
  EXPECT_FALSE(compare(a, b, {10, 10}).matches);
}

TEST(RunCompare, RefusesOtherShapesAndTypes) {
  EXPECT_EQ(compare(makeFloats({1}), makeFloats({1, 2}), {}).text,
            "is f32[1], expects f32[2]");
  EXPECT_FALSE(compare(makeFloats({1}), makeTensor("1xf64", 1), {}).matches);
}

} // namespace
} // namespace dycc::run
