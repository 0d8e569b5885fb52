// Strings of dycc-run: files of NumPy and ONNX, JSON.
#include "test/unit/RuntimeToolFixture.h"
#include "tools/dycc-run/Compare.h"
#include "tools/dycc-run/Npy.h"
#include "tools/dycc-run/TensorProto.h"

namespace dycc::run {
namespace {

TEST(RunNpy, HasStrings) {
  HostTensor made = makeTensor("2x3xstring", 1);
  EXPECT_EQ(made.describe(), "string[2, 3]");
  made.strings = {"", "a", "\u00e9\u4e2d", "\U00010428", "\xff", "longer"};
  TemporaryFile file("");
  writeNpy(file.path, made);
  HostTensor read = readNpy(file.path);
  EXPECT_EQ(read.describe(), "string[2, 3]");
  EXPECT_EQ(read.strings,
            (std::vector<std::string>{"", "a", "\u00e9\u4e2d", "\U00010428",
                                      "\ufffd", "longer"}));
  TemporaryFile swapped(
      makeNpy("{'descr': '>U2', 'fortran_order': True, 'shape': (2, 2), }",
              std::string("\0\0\0a\0\0\0b\0\0\0c\0\0\0\0"
                          "\0\0\0d\0\0\0\0\0\0\0\0\0\0\0\0",
                          32)));
  EXPECT_EQ(readNpy(swapped.path).strings,
            (std::vector<std::string>{"ab", "d", "c", ""}));
}

TEST(RunStrings, AreAListOfJson) {
  HostTensor read = parseStrings(R"([["a", "b\u0000"], ["", "\"x\""]])", "x");
  EXPECT_EQ(read.describe(), "string[2, 2]");
  EXPECT_EQ(jsonOf(read), R"([["a","b\u0000"],["","\"x\""]])");
  EXPECT_EQ(parseStrings("[[], []]", "x").describe(), "string[2, 0]");
  EXPECT_EQ(parseStrings("\"one\"", "x").text(0, 7), "\"one\"");
  DLTensor view = read.view();
  HostTensor copy(view);
  EXPECT_EQ(copy.strings, read.strings);
  EXPECT_TRUE(compare(copy, read, {}).matches);
  copy.strings[3] = "other";
  EXPECT_EQ(
      compare(copy, read, {}).text,
      "1 of 4 elements beyond the tolerance, worst deviation 1 at [1, 1]: "
      "\"other\", expects \"\"x\"\"");
  for (const char *bad : {"[1]", "[\"a\", [\"b\"]]", "[[\"a\"], []]", "{", "7"})
    EXPECT_EQ(refusalOf([&] { parseStrings(bad, "input 'x'"); }),
              "input 'x': expects a list of strings, or of such lists of one "
              "length")
        << bad;
}

TEST(RunTensorProto, HasStrings) {
  TemporaryFile file(std::string_view("\x08\x02\x10\x08\x32\x01"
                                      "a\x32\x00",
                                      9));
  HostTensor read = readTensorProto(file.path).tensor;
  EXPECT_EQ(read.describe(), "string[2]");
  EXPECT_EQ(read.strings, (std::vector<std::string>{"a", ""}));
}

} // namespace
} // namespace dycc::run
