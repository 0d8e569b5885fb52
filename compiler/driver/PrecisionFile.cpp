#include "compiler/driver/PrecisionFile.h"

#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <nlohmann/json.hpp>

using llvm::StringRef;
using nlohmann::json;

namespace dycc {

static json errorOf(double error) {
  return std::isfinite(error) ? json(error) : json();
}

json describe(const PrecisionFindings &findings) {
  return {{"precision", findings.precision},
          {"keep_f32", findings.nodes},
          {"candidates", findings.candidates},
          {"max_error", findings.maxError},
          {"error_without", errorOf(findings.errorWithout)},
          {"error", errorOf(findings.error)},
          {"samples", findings.samples},
          {"trials", findings.trials},
          {"weight_bytes",
           {{"f32", findings.f32Bytes},
            {"without", findings.bytesWithout},
            {"found", findings.bytes}}}};
}

static llvm::Error refuse(StringRef path, const llvm::Twine &why) {
  return llvm::createStringError("--precision-exceptions '" + path +
                                 "': " + why);
}

llvm::Expected<std::vector<std::string>> readExceptions(StringRef path,
                                                        StringRef precision) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return refuse(path, buffer.getError().message());
  try {
    json file = json::parse((*buffer)->getBuffer().str());
    auto of = file.at("precision").get<std::string>();
    if (of != precision)
      return refuse(path, "is for --precision " + of + ", got " + precision);
    return file.at("keep_f32").get<std::vector<std::string>>();
  } catch (const json::exception &error) {
    return refuse(path, "expects an object with \"precision\" and names in "
                        "\"keep_f32\": " +
                            llvm::Twine(error.what()));
  }
}

} // namespace dycc
