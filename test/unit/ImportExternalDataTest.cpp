// External data: read where it may be, refused everywhere else.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;
namespace fs = std::filesystem;

namespace {

/// A folder with a model whose weight, four bytes, lies outside of it.
class ImportExternalData : public testing::Test {
protected:
  void SetUp() override {
    root =
        fs::temp_directory_path() / ("dycc-import-" + std::to_string(getpid()));
    fs::create_directories(root / "model" / "data");
    write(root / "model" / "data" / "w.bin", "....\1\2\3\4");
    write(root / "secret.bin", "\1\2\3\4");
  }
  void TearDown() override { fs::remove_all(root); }

  static void write(const fs::path &path, const std::string &bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

  /// Imports the model with the weight at `location`.
  Imported importWith(const std::string &location,
                      const std::string &offset = "0",
                      const std::string &length = "4",
                      const std::vector<std::string> &linkFolders = {}) {
    ModelMaker m;
    m.output("w", TensorProto::INT8);
    TensorProto &w = *m.graph().add_initializer();
    w.set_name("w");
    w.set_data_type(TensorProto::INT8);
    w.add_dims(4);
    w.set_data_location(TensorProto::EXTERNAL);
    auto add = [&](const char *key, const std::string &value) {
      auto *entry = w.add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    };
    add("location", location);
    add("offset", offset);
    add("length", length);
    fs::path path = root / "model" / "model.onnx";
    write(path, m.model.SerializeAsString());
    ImportOptions options;
    options.linkFolders = linkFolders;
    return catchImport([&](mlir::MLIRContext &context) {
      return importOnnx(path.string(), context, options);
    });
  }

  fs::path root;
};

} // namespace

TEST_F(ImportExternalData, IsReadAtItsOffset) {
  Imported r = importWith("data/w.bin", "4");
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("dense<[1, 2, 3, 4]>")) << r.text;
}

TEST_F(ImportExternalData, MustLieInTheFile) {
  EXPECT_TRUE(importWith("data/w.bin", "5")
                  .failsWith("external data \"data/w.bin\" has 8 bytes, "
                             "expects 4 at offset 5"));
  EXPECT_TRUE(importWith("data/w.bin", "18446744073709551615")
                  .failsWith("expects 4 at offset 18446744073709551615"));
  EXPECT_TRUE(importWith("data/w.bin", "0", "3")
                  .failsWith("external data of 3 bytes, expects 4"));
  EXPECT_TRUE(
      importWith("data/w.bin", "x")
          .failsWith("external data: offset is \"x\", expects a number"));
}

TEST_F(ImportExternalData, NeverLeavesTheFolder) {
  EXPECT_TRUE(importWith("../secret.bin").failsWith("is a path with '..'"));
  EXPECT_TRUE(importWith("data/../../secret.bin").failsWith("with '..'"));
  EXPECT_TRUE(importWith((root / "secret.bin").string())
                  .failsWith("is an absolute path"));
  fs::create_symlink(root / "secret.bin", root / "model" / "link.bin");
  EXPECT_TRUE(
      importWith("link.bin").failsWith("is a link out of the model's folder"));
  fs::create_directory_symlink(root, root / "model" / "up");
  EXPECT_TRUE(importWith("up/secret.bin").failsWith("is a link out of"));
  // A folder whose name only begins like the model's.
  fs::create_directories(root / "model2");
  write(root / "model2" / "w.bin", "\1\2\3\4");
  fs::create_symlink(root / "model2" / "w.bin", root / "model" / "near.bin");
  EXPECT_TRUE(importWith("near.bin").failsWith("is a link out of"));
}

TEST_F(ImportExternalData, LinksInsideAreFollowed) {
  fs::create_symlink(root / "model" / "data" / "w.bin",
                     root / "model" / "inside.bin");
  EXPECT_TRUE(importWith("inside.bin", "4").has("dense<[1, 2, 3, 4]>"));
}

/// A cache keeps files by content, and models as folders of links to them.
TEST_F(ImportExternalData, LinksLeadWhereThatIsAllowed) {
  fs::create_directories(root / "blobs");
  fs::create_directories(root / "blobs2");
  write(root / "blobs" / "a", "\1\2\3\4");
  write(root / "blobs2" / "a", "\1\2\3\4");
  fs::create_symlink("../blobs/a", root / "model" / "w.bin");
  fs::create_symlink("../blobs2/a", root / "model" / "near.bin");
  std::string blobs = root / "blobs";
  EXPECT_TRUE(importWith("w.bin").failsWith(
      "is a link out of the model's folder, into '" +
      fs::canonical(blobs).string() +
      "': pass --allow-symlinks DIR where you trust that folder"));
  auto allowed = [&](const std::string &location,
                     const std::vector<std::string> &folders) {
    return importWith(location, "0", "4", folders);
  };
  EXPECT_TRUE(allowed("w.bin", {blobs}).has("dense<[1, 2, 3, 4]>"));
  EXPECT_TRUE(allowed("w.bin", {"/nowhere", root}).has("dense<[1, 2, 3, 4]>"));
  EXPECT_TRUE(allowed("near.bin", {blobs}).failsWith("is a link out of"));
  EXPECT_TRUE(allowed("w.bin", {"/nowhere"}).failsWith("is a link out of"));
  // Only links: the model's text still names no other folder.
  EXPECT_TRUE(allowed("../blobs/a", {blobs}).failsWith("is a path with '..'"));
}

TEST_F(ImportExternalData, MissingFileIsNamed) {
  EXPECT_TRUE(
      importWith("data/v.bin")
          .failsWith(
              "external data \"data/v.bin\" cannot be found: No such file"));
  EXPECT_TRUE(importWith("data").failsWith("is no regular file"));
  EXPECT_TRUE(importWith("").failsWith("is no file name"));
}

TEST_F(ImportExternalData, NeedsAFolder) {
  importWith("data/w.bin", "4");
  auto buffer =
      llvm::MemoryBuffer::getFile((root / "model" / "model.onnx").string());
  std::string bytes = (*buffer)->getBuffer().str();
  EXPECT_TRUE(importBytes(bytes).failsWith("of a model that has no folder"));
  ImportOptions options;
  options.folder = (root / "model").string();
  EXPECT_TRUE(importBytes(bytes, options).has("dense<[1, 2, 3, 4]>"));
}
