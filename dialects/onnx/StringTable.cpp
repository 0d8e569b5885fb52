#include "dialects/onnx/StringTable.h"

#include "dialects/onnx/OnnxSource.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::onnx {

StringTable::StringTable(FunctionOpInterface function) {
  handles[""] = 0;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    add(function.getArgAttr(i, "onnx.default"));
  function->walk([&](ConstantOp op) { add(op.getValue()); });
}

void StringTable::add(Attribute constant) {
  auto elements = dyn_cast_or_null<DenseStringElementsAttr>(constant);
  if (!elements)
    return;
  for (StringRef text : elements.getRawStringData())
    if (handles.try_emplace(text, texts.size() + 1).second)
      texts.push_back(text);
}

std::vector<char> StringTable::handlesOf(ElementsAttr constant) const {
  std::vector<char> bytes;
  for (StringRef text : constant.getValues<StringRef>()) {
    uint64_t handle = handles.at(text);
    auto *data = reinterpret_cast<const char *>(&handle);
    bytes.insert(bytes.end(), data, data + sizeof(handle));
  }
  return bytes;
}

} // namespace dycc::onnx
