#include "passes/version/GenericKernel.h"

#include "dialects/dyn/Kernels.h"
#include "dialects/onnx/OnnxFacts.h"
#include "passes/version/AxisClasses.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

#include <numeric>

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::KernelSymbolAttr;

namespace dycc::version {
namespace {

/// Makes one kernel generic.
class Generalizer {
public:
  explicit Generalizer(dyn::KernelOp original)
      : original(original), classes(original) {}

  /// Nothing where no extent is free. With `isDeep` also those that cost some
  /// speed are.
  std::optional<GenericKernel> run(bool isDeep) {
    findExtents(isDeep);
    GenericKernel generic{original, cast<dyn::KernelOp>(original->clone())};
    kernel = generic.kernel;
    replaceTypes();
    renameSymbols(generic);
    generic.scalars = findScalars();
    if (extents.empty() && generic.scalars.empty()) {
      kernel->destroy();
      return std::nullopt;
    }
    generic.text = textWithout(generic.scalars);
    return generic;
  }

private:
  MLIRContext *context() { return original.getContext(); }

  /// The convolution or product of a kernel with no other; null.
  Operation *soleRoot() {
    Operation *found = nullptr;
    for (Operation &op : original.getBody().front()) {
      onnx::Root root = onnx::rootOf(&op);
      if (root != onnx::Root::Convolution && root != onnx::Root::Product)
        continue;
      if (found)
        return nullptr;
      found = &op;
    }
    return found;
  }

  /// What every plan of the root leaves free: axes of its right operand with
  /// what their extents are multiples of.
  void readUnits(Operation *root, bool isDeep) {
    bool isFilter = onnx::rootOf(root) == onnx::Root::Convolution;
    Value weights = root->getOperand(1);
    if (dyn::getDims(weights.getType()).size() < 2)
      return; // A vector has no columns.
    Axis outputs{weights, isFilter ? 0u : 1u};
    Axis inputs{weights, isFilter ? 1u : 0u};
    FreeExtents free = freeInAll();
    addUnit(outputs, free.outputs);
    addUnit(inputs, isDeep ? free.inputs : 0);
  }

  /// Divisors of the extents that are free; 0 of others.
  struct FreeExtents {
    int64_t outputs = 0, inputs = 0;
  };

  static FreeExtents freeIn(Attribute step) {
    // Whole vectors of any machine, and whole parts of a sum.
    constexpr int64_t inputs = 16;
    FreeExtents free;
    if (auto conv = dyn_cast<dyn::ConvolutionPlanAttr>(step)) {
      free.outputs = conv.getAnyOutputs() ? conv.getTile().getWidth() : 0;
      free.inputs = conv.getAnyInputs() ? inputs : 0;
    } else if (auto winograd = dyn_cast<dyn::WinogradPlanAttr>(step)) {
      free.outputs =
          winograd.getAnyOutputs() ? winograd.getTile().getWidth() : 0;
    } else if (auto product = dyn_cast<dyn::ProductPlanAttr>(step)) {
      free.outputs = product.getAnyColumns() ? product.getTile().getWidth() : 0;
      free.inputs = product.getAnyDepth() ? inputs : 0;
    }
    return free;
  }

  static bool isSums(Attribute step) {
    return isa<dyn::ConvolutionPlanAttr, dyn::WinogradPlanAttr,
               dyn::ProductPlanAttr>(step);
  }

  FreeExtents freeInAll() {
    FreeExtents all{1, 1};
    for (auto version :
         original.getVersions()->getAsRange<dyn::VersionAttr>()) {
      ArrayRef<Attribute> steps = version.getPlan().getSteps().getValue();
      const auto *step = llvm::find_if(steps, isSums);
      FreeExtents free = step == steps.end() ? FreeExtents{} : freeIn(*step);
      all.outputs = std::lcm(all.outputs, free.outputs);
      all.inputs = std::lcm(all.inputs, free.inputs);
    }
    return all;
  }

  void addUnit(Axis axis, int64_t unit) {
    if (unit == 0)
      return classes.fix(axis);
    units.push_back({axis, unit});
  }

  /// The classes whose extents become symbols.
  void findExtents(bool isDeep) {
    if (Operation *root = soleRoot())
      readUnits(root, isDeep);
    for (auto [axis, unit] : units) {
      std::optional<int64_t> extent = axis.extent().asConstant();
      if (classes.isFixed(axis) || !extent)
        continue;
      Extent &known = extents[classes.classOf(axis)];
      known.value = *extent;
      known.unit = std::lcm(known.unit, unit);
    }
    // An operand may say by a symbol what the weights say by a number.
    for (Axis axis : classes.all())
      if (auto *it = extents.find(classes.classOf(axis));
          it != extents.end() && !axis.extent().isConstant(it->second.value))
        it->second.value = 0;
    extents.remove_if([](const auto &entry) {
      const Extent &extent = entry.second;
      return extent.value == 0 || extent.value % extent.unit != 0;
    });
  }

  /// A provisional name, which no symbol of a kernel has.
  static std::string nameOf(unsigned number) {
    return "'" + std::to_string(number);
  }

  void replaceTypes() {
    Block &from = original.getBody().front(), &to = kernel.getBody().front();
    for (auto [old, made] : llvm::zip(from.getArguments(), to.getArguments()))
      made.setType(typeOf(old));
    for (auto [old, made] : llvm::zip(from, to))
      for (auto [result, madeResult] :
           llvm::zip(old.getResults(), made.getResults()))
        madeResult.setType(typeOf(result));
    SmallVector<Type> outputs;
    for (auto [value, type] :
         llvm::zip(kernel.getYield()->getOperands(), original.getResultTypes()))
      outputs.push_back(dyn::withLayout(value.getType(), dyn::getLayout(type)));
    kernel.setOutputsAttr(Builder(context()).getTypeArrayAttr(outputs));
  }

  Type typeOf(Value value) {
    if (!dyn::getValueAttr(value.getType()))
      return value.getType();
    SmallVector<ExprAttr> dims(dyn::getDims(value.getType()));
    for (auto [i, dim] : llvm::enumerate(dims)) {
      auto it = extents.find(classes.classOf({value, unsigned(i)}));
      if (it == extents.end())
        continue;
      unsigned number = std::distance(extents.begin(), it);
      dim = ExprAttr::symbol(context(), nameOf(number)).times(it->second.unit);
    }
    return dyn::getTensorType(dims, getElementTypeOrSelf(value.getType()),
                              dyn::getLayout(value.getType()));
  }

  /// Symbols are called s0, s1, ... in order of first appearance.
  void renameSymbols(GenericKernel &generic) {
    SmallVector<Attribute> declared;
    llvm::StringMap<ExprAttr> names;
    for (StringRef name :
         dyn::symbolsOf(kernel.getBody().front(),
                        llvm::to_vector(kernel.getResultTypes()))) {
      auto renamed = ("s" + Twine(declared.size())).str();
      names[name] = ExprAttr::symbol(context(), renamed);
      KernelSymbolAttr known = describe(name, generic);
      declared.push_back(KernelSymbolAttr::get(
          context(), StringAttr::get(context(), renamed), known.getLower(),
          known.getUpper(), known.getMultiple()));
    }
    kernel.setSymbolsAttr(ArrayAttr::get(context(), declared));
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](ExprAttr expr) {
      return expr.substitute(
          [&](StringRef name) { return names.lookup(name); });
    });
    replacer.recursivelyReplaceElementsIn(kernel, /*replaceAttrs=*/true,
                                          /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
  }

  /// What is known of a symbol under its old name; notes what it stands for.
  KernelSymbolAttr describe(StringRef name, GenericKernel &generic) {
    if (name.consume_front("'")) {
      unsigned number = 0;
      name.getAsInteger(10, number);
      const Extent &extent = std::next(extents.begin(), number)->second;
      int64_t value = extent.value / extent.unit;
      generic.meaning.push_back(ExprAttr::constant(context(), value));
      return KernelSymbolAttr::get(context(), {}, value, value, value);
    }
    generic.meaning.push_back(ExprAttr::symbol(context(), name));
    return cast<KernelSymbolAttr>(
        original.getSymbols()[*original.findSymbol(name)]);
  }

  /// Constants that operators read in any case as they do an operand: they
  /// cost the same in memory.
  SmallVector<onnx::ConstantOp> findScalars() {
    auto isData = [](Operation *user) {
      return onnx::has(user, onnx::Fact::Pointwise) &&
             onnx::has(user, onnx::Fact::Cheap);
    };
    SmallVector<onnx::ConstantOp> scalars;
    for (auto constant : kernel.getBody().getOps<onnx::ConstantOp>()) {
      auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
      if (value && value.getNumElements() == 1 &&
          isa<FloatType>(value.getElementType()) &&
          llvm::all_of(constant->getUsers(), isData))
        scalars.push_back(constant);
    }
    return scalars;
  }

  /// The text of the kernel whatever the values of `scalars` are.
  std::string textWithout(ArrayRef<onnx::ConstantOp> scalars) {
    SmallVector<ElementsAttr> values;
    for (onnx::ConstantOp scalar : scalars) {
      values.push_back(scalar.getValue());
      Attribute zero = Builder(context()).getZeroAttr(
          getElementTypeOrSelf(values.back().getType()));
      scalar.setValueAttr(
          DenseElementsAttr::get(values.back().getShapedType(), zero));
    }
    std::string text = textOf(kernel);
    for (auto [scalar, value] : llvm::zip(scalars, values))
      onnx::ConstantOp(scalar).setValueAttr(value);
    return text;
  }

  struct Extent {
    int64_t value = 0, unit = 1;
  };

  dyn::KernelOp original, kernel;
  AxisClasses classes;
  SmallVector<std::pair<Axis, int64_t>> units; ///< What free extents divide by.
  llvm::MapVector<unsigned, Extent> extents;   ///< By class.
};

} // namespace

std::string textOf(dyn::KernelOp kernel) {
  std::string text = dyn::textOf(kernel.getBody().front(),
                                 llvm::to_vector(kernel.getResultTypes()));
  llvm::raw_string_ostream(text) << kernel.getVersionsAttr();
  return text;
}

std::optional<GenericKernel> makeGeneric(dyn::KernelOp kernel, bool isDeep) {
  return Generalizer(kernel).run(isDeep);
}

} // namespace dycc::version
