#include "passes/Remarks.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::remarks {

/// Of fused nodes the one that makes the result.
static Location lastOf(Location location) {
  while (auto fused = dyn_cast<FusedLoc>(location))
    location = fused.getLocations().back();
  return location;
}

/// "Relu 'r1'", "'r1'" for what is no operator of ONNX any more, or what it is
/// where the node has no name.
static std::string describe(Operation *op) {
  std::string kind = op->getName().stripDialect().str();
  bool isOperator = op->getName().getDialectNamespace() == "onnx";
  auto name = dyn_cast<NameLoc>(lastOf(op->getLoc()));
  if (!name)
    return kind;
  return (isOperator ? kind + " '" : "'") + name.getName().str() + "'";
}

void Remark::write(StringRef words) {
  parts.push_back(StringAttr::get(context, words));
}

void Remark::write(Operation *op) { write(StringRef(describe(op))); }

/// The extents: "[N, 2 * H]".
void Remark::write(Type type) {
  write(StringRef("["));
  for (auto [axis, dim] : llvm::enumerate(dyn::getDims(type))) {
    if (axis)
      write(StringRef(", "));
    parts.push_back(dim);
  }
  write(StringRef("]"));
}

void Remark::write(const Subject &subject) {
  if (auto *number = std::get_if<int64_t>(&subject))
    write(StringRef(std::to_string(*number)));
  else if (auto *word = std::get_if<StringRef>(&subject))
    write(*word);
  else if (auto *op = std::get_if<Operation *>(&subject))
    write(*op);
  else if (auto *expr = std::get_if<ExprAttr>(&subject))
    parts.push_back(*expr);
  else
    write(std::get<Type>(subject));
}

void Remark::write(const Reason &reason) {
  StringRef rest = reason.text;
  for (size_t at; (at = rest.find('{')) != StringRef::npos;) {
    write(rest.take_front(at));
    write(reason.subjects[rest[at + 1] - '0']);
    rest = rest.drop_front(at + 3);
  }
  write(rest);
}

Remark::~Remark() {
  if (!remark)
    return;
  std::string text;
  for (Attribute part : parts)
    if (auto words = dyn_cast<StringAttr>(part))
      text += words.getValue();
    else
      text += cast<ExprAttr>(part).str();
  mlir::remark::detail::Remark::Arg arg("Text", std::move(text));
  arg.attr = ArrayAttr::get(context, parts);
  remark << arg;
}

static mlir::remark::RemarkOpts options(StringRef category, StringRef pass) {
  return mlir::remark::RemarkOpts::name(pass).category(category);
}

Remark taken(llvm::StringLiteral category, Location location,
             llvm::StringLiteral pass) {
  return Remark(
      location.getContext(),
      mlir::remark::passed(lastOf(location), options(category, pass)));
}

Remark missed(llvm::StringLiteral category, Location location,
              llvm::StringLiteral pass) {
  return Remark(
      location.getContext(),
      mlir::remark::missed(lastOf(location), options(category, pass)));
}

ArrayAttr partsOf(const mlir::remark::detail::Remark &remark) {
  for (const auto &arg : remark.getArgs())
    if (arg.hasAttribute())
      return cast<ArrayAttr>(arg.getAttribute());
  llvm_unreachable("made by the functions above");
}

} // namespace dycc::remarks
