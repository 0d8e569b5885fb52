// Matrix products.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// [..., m, k] x [..., k, n] -> [..., m, n]; a vector stands for a row or a
/// column, which the result does not have.
static void multiplyMatrices(Operation *op, Solver &solver, Value left,
                             Value right, Value result) {
  const Exprs *a = solver.dims(left), *b = solver.dims(right);
  if (!a || !b)
    return;
  if (a->empty() || b->empty())
    return solver.fail(op, "expects operands of rank 1 or more, got a scalar");
  Exprs x(*a), y(*b);
  bool isRow = x.size() == 1, isColumn = y.size() == 1;
  if (isRow)
    x.insert(x.begin(), solver.constant(1));
  if (isColumn)
    y.push_back(solver.constant(1));
  solver.unify(op, x.back(), y[y.size() - 2], "equal extents to sum over");
  Exprs dims = solver.broadcast(op, ArrayRef<ExprAttr>(x).drop_back(2),
                                ArrayRef<ExprAttr>(y).drop_back(2));
  if (!isRow)
    dims.push_back(x[x.size() - 2]);
  if (!isColumn)
    dims.push_back(y.back());
  solver.setDims(result, dims);
}

static void transferMatMul(onnx::MatMulOp op, Solver &solver) {
  multiplyMatrices(op, solver, op.getA(), op.getB(), op.getY());
}

static void transferMatMulInteger(onnx::MatMulIntegerOp op, Solver &solver) {
  multiplyMatrices(op, solver, op.getA(), op.getB(), op.getY());
}

static void transferQLinearMatMul(onnx::QLinearMatMulOp op, Solver &solver) {
  multiplyMatrices(op, solver, op->getOperand(0), op->getOperand(3),
                   op->getResult(0));
}

static void transferGemm(onnx::GemmOp op, Solver &solver) {
  const Exprs *a = solver.dims(op.getA()), *b = solver.dims(op.getB());
  if (!a || !b)
    return;
  if (a->size() != 2 || b->size() != 2)
    return solver.fail(op, "expects matrices, got ranks " + Twine(a->size()) +
                               " and " + Twine(b->size()));
  Exprs x(*a), y(*b);
  if (op.getTransA())
    std::swap(x[0], x[1]);
  if (op.getTransB())
    std::swap(y[0], y[1]);
  solver.unify(op, x[1], y[0], "equal extents to sum over");
  Exprs dims = {x[0], y[1]};
  solver.setDims(op.getY(), dims);
  const Exprs *c = solver.dims(op.getC());
  if (!c)
    return;
  if (c->size() > 2)
    return solver.fail(op, "expects a bias of rank 2 at most, got " +
                               Twine(c->size()));
  Exprs joined = solver.broadcast(op, dims, *c);
  for (auto [dim, extent] : llvm::zip_equal(dims, joined))
    solver.unify(op, dim, extent, "a bias that broadcasts to the product");
}

static void transferDet(onnx::DetOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  if (x->size() < 2)
    return solver.fail(op, "expects an input of rank 2 or more, got " +
                               Twine(x->size()));
  Exprs dims(*x);
  solver.unify(op, dims[dims.size() - 1], dims[dims.size() - 2],
               "a square matrix");
  dims.truncate(dims.size() - 2);
  solver.setDims(op.getY(), dims);
}

namespace {
/// The extents that the letters of an equation stand for.
struct Letters {
  llvm::SmallDenseMap<char, ExprAttr> extents;
  Exprs ellipsis;
};
} // namespace

/// Binds the letters of one operand, e.g. "b...ij".
static bool bindLetters(onnx::EinsumOp op, Solver &solver, StringRef term,
                        const Exprs &dims, Letters &letters) {
  size_t dots = term.find("...");
  size_t named = term.size() - (dots == StringRef::npos ? 0 : 3);
  if (named > dims.size() ||
      (dots == StringRef::npos && named != dims.size())) {
    solver.fail(op, "expects an operand of rank " + Twine(named) + " for '" +
                        term + "', got " + Twine(dims.size()));
    return false;
  }
  size_t axis = 0;
  for (size_t index = 0; index < term.size(); ++index) {
    if (index == dots) {
      size_t hidden = dims.size() - named;
      letters.ellipsis = solver.broadcast(
          op, letters.ellipsis, ArrayRef<ExprAttr>(dims).slice(axis, hidden));
      axis += hidden;
      index += 2;
      continue;
    }
    ExprAttr &extent = letters.extents[term[index]];
    extent = extent ? solver.broadcast(op, extent, dims[axis]) : dims[axis];
    ++axis;
  }
  return true;
}

/// Without an arrow: the letters that appear once, in order, after the dots.
static std::string implicitResult(ArrayRef<StringRef> terms) {
  std::string all;
  for (StringRef term : terms)
    all += term;
  std::string once;
  for (char letter : all)
    if (letter != '.' && llvm::count(all, letter) == 1)
      once += letter;
  llvm::sort(once);
  bool hasDots = all.find('.') != std::string::npos;
  return (hasDots ? "..." : "") + once;
}

static void transferEinsum(onnx::EinsumOp op, Solver &solver) {
  std::string equation;
  for (char c : op.getEquation())
    if (c != ' ')
      equation += c;
  auto [inputs, output] = StringRef(equation).split("->");
  SmallVector<StringRef> terms;
  inputs.split(terms, ',');
  if (terms.size() != op->getNumOperands())
    return solver.fail(op, "expects an equation of " +
                               Twine(op->getNumOperands()) +
                               " operands, got '" + op.getEquation() + "'");
  std::string result =
      StringRef(equation).contains("->") ? output.str() : implicitResult(terms);
  Letters letters;
  for (auto [term, operand] : llvm::zip_equal(terms, op->getOperands())) {
    const Exprs *dims = solver.dims(operand);
    if (!dims || !bindLetters(op, solver, term, *dims, letters))
      return;
  }
  Exprs dims;
  for (size_t index = 0; index < result.size(); ++index) {
    if (result[index] == '.') {
      dims.append(letters.ellipsis);
      index += 2;
    } else if (ExprAttr extent = letters.extents.lookup(result[index])) {
      dims.push_back(extent);
    } else {
      return solver.fail(op, "expects letters of the operands in its result, "
                             "got '" +
                                 Twine(result[index]) + "'");
    }
  }
  solver.setDims(op.getOutput(), dims);
}

void shape::attachLinear(MLIRContext *context) {
  attachRules<transferMatMul, transferNothing, onnx::MatMulOp>(context);
  attachRules<transferMatMulInteger, transferNothing, onnx::MatMulIntegerOp>(
      context);
  attachRules<transferQLinearMatMul, transferNothing, onnx::QLinearMatMulOp>(
      context);
  attachRules<transferGemm, transferNothing, onnx::GemmOp>(context);
  attachRules<transferDet, transferNothing, onnx::DetOp>(context);
  attachRules<transferEinsum, transferNothing, onnx::EinsumOp>(context);
}
