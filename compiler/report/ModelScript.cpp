#include "compiler/report/ModelScript.h"

#include "compiler/report/ExprScript.h"

#include "nlohmann/json.hpp"
#include "llvm/ADT/StringExtras.h"

using dycc::dyn::ExprAttr;

namespace dycc {
namespace {

/// Numbers as names in a script.
struct ScriptNumbers {
  using Value = std::string;

  ExprScript &script;

  Value zero() { return "0n"; }
  Value number(ExprAttr expr) { return script.emit(expr); }
  Value sizeOf(ExprAttr expr) { return script.emit(expr); }
  Value add(const Value &a, const Value &b) {
    if (a == zero() || b == zero())
      return a == zero() ? b : a;
    return script.define(a + " + " + b);
  }
  Value mul(const Value &a, const Value &b) {
    return script.define(a + " * " + b);
  }
  Value max(const Value &a, const Value &b) {
    return script.define("max(" + a + ", " + b + ")");
  }
  Value ifBelow(const Value &a, const Value &b, const Value &x,
                const Value &y) {
    return x == y ? x : script.define(a + " < " + b + " ? " + x + " : " + y);
  }
  Value roundUp(const Value &bytes, int64_t alignment) {
    return script.define("roundUp(" + bytes + ", " + std::to_string(alignment) +
                         "n)");
  }
};

std::string list(const std::vector<std::string> &values) {
  return "[" + llvm::join(values, ", ") + "]";
}

/// A text as a literal, which cannot end the script that it is in.
std::string quote(const std::string &text) {
  std::string literal = nlohmann::json(text).dump(
      -1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
  std::string safe;
  for (char c : literal)
    safe += c == '<' ? "\\u003c" : std::string(1, c);
  return safe;
}

/// "[condition, node, message, [values]]".
std::string requirementText(const ModelRequirement &requirement,
                            ExprScript &script) {
  std::vector<std::string> values;
  for (ExprAttr value : requirement.values)
    values.push_back(script.emit(value));
  return list({script.emit(requirement.condition), quote(requirement.node),
               quote(requirement.message), list(values)});
}

} // namespace

std::string modelScript(mlir::ModuleOp module, const ModelFormulas &formulas) {
  ExprScript script(module);
  auto figures = formulas.evaluate(ScriptNumbers{script});
  std::vector<std::string> values, requirements;
  for (const auto &slot : figures.values)
    values.push_back(list(slot));
  for (const ModelRequirement &requirement : formulas.requirements())
    requirements.push_back(requirementText(requirement, script));
  return "function figuresAt(symbols) {\n" + script.definitions() +
         "  return {\n    arena: " + figures.arena +
         ",\n    scratch: " + figures.scratch +
         ",\n    slots: " + list(figures.slots) +
         ",\n    offsets: " + list(figures.offsets) +
         ",\n    values: " + list(values) +
         ",\n    nanoseconds: " + figures.nanoseconds +
         ",\n    costs: " + list(figures.costs) +
         ",\n    versions: " + list(figures.versions) +
         ",\n    refusals: refusals(" + list(requirements) + "),\n  };\n}\n";
}

} // namespace dycc
