// Samples in files, and errors relative to what is expected.
#include "test/unit/RuntimeToolFixture.h"
#include "tools/dycc-run/Npz.h"
#include "tools/dycc-run/Samples.h"
#include "tools/dycc/BudgetRun.h"

#include <cmath>

namespace dycc::run {
namespace {

std::string bytesOf(uint64_t value, int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += char(value >> 8 * i & 0xff);
  return text;
}

struct Entry {
  std::string name, data;
  int method = 0;
  uint64_t bytes = 0; ///< That its directory says; 0: those of the data.
};

/// An archive of these, as zip has them; checksums are zero.
std::string makeZip(const std::vector<Entry> &entries) {
  std::string text, directory;
  for (const Entry &entry : entries) {
    uint64_t bytes = entry.bytes ? entry.bytes : entry.data.size();
    directory += "PK\1\2" + bytesOf(0, 6) + bytesOf(entry.method, 2) +
                 bytesOf(0, 8) + bytesOf(bytes, 4) + bytesOf(bytes, 4) +
                 bytesOf(entry.name.size(), 2) + bytesOf(3, 2) +
                 bytesOf(0, 10) + bytesOf(text.size(), 4) + entry.name + "abc";
    text += "PK\3\4" + bytesOf(0, 22) + bytesOf(entry.name.size(), 2) +
            bytesOf(5, 2) + entry.name + "extra" + entry.data;
  }
  return text + directory + "PK\5\6" + bytesOf(0, 4) +
         bytesOf(entries.size(), 2) + bytesOf(entries.size(), 2) +
         bytesOf(directory.size(), 4) + bytesOf(text.size(), 4) + bytesOf(0, 2);
}

std::string npy(const std::string &data) {
  return makeNpy("{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                     std::to_string(data.size() / 4) + ",), }",
                 data);
}

const std::string kOne("\0\0\x80\x3f", 4), kTwo("\0\0\0\x40", 4);

TEST(RunNpz, ReadsArraysInTheirOrder) {
  TemporaryFile file(makeZip({{"b/c.npy", npy(kTwo + kOne)},
                              {"readme.txt", "none"},
                              {"a.npy", npy(kOne)}}));
  std::vector<NamedTensor> read = readNpz(file.path);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].name, "b/c");
  EXPECT_EQ(read[0].tensor.describe(), "f32[2]");
  EXPECT_EQ(read[0].tensor.at(0), 2);
  EXPECT_EQ(read[1].name, "a");
  EXPECT_EQ(read[1].tensor.at(0), 1);
}

TEST(RunNpz, RefusesOtherFiles) {
  auto refusal = [](const std::string &text) {
    TemporaryFile file(text);
    std::string said = refusalOf([&] { readNpz(file.path); });
    EXPECT_EQ(said.find("'" + file.path + "': "), said.empty() ? said.npos : 0);
    return said.empty() ? said : said.substr(file.path.size() + 4);
  };
  std::string good = makeZip({{"a.npy", npy(kOne)}});
  EXPECT_EQ(refusal(good), "");
  EXPECT_EQ(refusal("nothing"), "is no .npz file, or is cut off");
  EXPECT_EQ(refusal(good.substr(0, good.size() - 1)),
            "is no .npz file, or is cut off");
  EXPECT_EQ(refusal(makeZip({{"a.npy", npy(kOne), 8}})),
            "array 'a' is compressed, expects a file of numpy.savez()");
  EXPECT_EQ(refusal(makeZip({{"a.npy", npy(kOne), 0, UINT32_MAX}})),
            "array 'a' lies beyond 4 GB");
  EXPECT_EQ(refusal(makeZip({{"a.npy", npy(kOne), 0, 100000}})),
            "is damaged: a record leads behind its end");
  std::string other = good;
  other[0] = 'Q';
  EXPECT_EQ(refusal(other), "is damaged: array 'a' is not where it should be");
  other = good;
  other[good.find("PK\1\2")] = 'Q';
  EXPECT_EQ(refusal(other),
            "is damaged: has no entry where its directory has one");
  // No byte less leads beyond the file's memory.
  for (size_t bytes = 0; bytes < good.size(); ++bytes)
    EXPECT_NE(refusal(good.substr(0, bytes)), "");
}

TEST(RunNpz, SaysWhichArrayIsDamaged) {
  TemporaryFile file(makeZip({{"a.npy", "no array"}}));
  EXPECT_EQ(refusalOf([&] { readNpz(file.path); }),
            "'" + file.path + "' array 'a': is no .npy file");
}

TEST(BudgetRun, ErrorsAreRelativeToTheLargestElement) {
  auto error = [](const char *found, const char *expected) {
    return relativeError(makeTensor(found, 1), makeTensor(expected, 1));
  };
  EXPECT_EQ(error("3xf32:1.5", "3xf32:1.5"), 0);
  EXPECT_EQ(error("3xf32:1.5", "3xf32:2"), 0.25);
  EXPECT_EQ(error("3xf32:1.5", "3xf32:-2"), 1.75);
  EXPECT_EQ(error("2xi64:8", "2xi64:10"), 0.2);
  EXPECT_EQ(error("0xf32", "0xf32"), 0);
  HostTensor expected = makeTensor("4xf32:0", 1), found = expected;
  expected.set(2, -8);
  found.set(2, -8);
  found.set(0, 2);
  EXPECT_EQ(relativeError(found, expected), 0.25);
}

TEST(BudgetRun, WhatHasNoErrorIsInfinite) {
  auto error = [](const char *found, const char *expected) {
    return relativeError(makeTensor(found, 1), makeTensor(expected, 1));
  };
  EXPECT_EQ(error("f32:1", "f32:0"), HUGE_VAL);
  EXPECT_EQ(error("f32:nan", "f32:1"), HUGE_VAL);
  EXPECT_EQ(error("f32:inf", "f32:1"), HUGE_VAL);
  EXPECT_EQ(error("2xf32:1", "1xf32:1"), HUGE_VAL);
  EXPECT_EQ(error("f16:1", "f32:1"), HUGE_VAL);
  EXPECT_EQ(error("string:a", "string:b"), HUGE_VAL);
  EXPECT_EQ(error("string:a", "string:a"), 0);
}

} // namespace
} // namespace dycc::run
