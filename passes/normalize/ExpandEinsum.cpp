// Einsum as products of two operands at a time: labels that both have and
// something later needs are batch axes of a MatMul, the other common ones its
// inner axis.
#include "passes/normalize/Expansions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace mlir;

namespace dycc {
namespace {

/// Axis labels: characters of the equation, axes of an ellipsis are negative,
/// -1 the last.
using Labels = SmallVector<int>;

struct Term {
  Value value;
  Labels labels;
};

bool has(const Labels &labels, int label) {
  return llvm::is_contained(labels, label);
}

/// The labels of one term of the equation; nothing where an ellipsis stands
/// for an unknown number of axes. `rank` is -1 where it is unknown.
std::optional<Labels> readLabels(StringRef text, int64_t rank) {
  std::string letters;
  llvm::copy_if(text, std::back_inserter(letters),
                [](char c) { return !llvm::isSpace(c); });
  size_t dots = StringRef(letters).find("...");
  if (dots != StringRef::npos && rank < 0)
    return std::nullopt;
  Labels labels;
  for (size_t i = 0; i < letters.size(); ++i) {
    if (i != dots) {
      labels.push_back(letters[i]);
      continue;
    }
    int64_t count = rank - static_cast<int64_t>(letters.size() - 3);
    for (int64_t axis = count; axis > 0; --axis)
      labels.push_back(static_cast<int>(-axis));
    i += 2;
  }
  return labels;
}

class EinsumExpander {
public:
  EinsumExpander(OnnxBuilder &b, Labels output, SmallVector<Term> terms)
      : b(b), output(std::move(output)), terms(std::move(terms)) {}

  /// Sums of halves are rounded once, at the end.
  Value run() {
    Type type = elementTypeOf(terms.front().value);
    if (type.getIntOrFloatBitWidth() == 16 && isa<FloatType>(type) &&
        hasSteps())
      for (Term &term : terms)
        term.value = b.cast(term.value, b.getBuilder().getF32Type());
    return b.cast(compute(), type);
  }

private:
  /// Whether there is more to do than one product of two terms or one sum.
  bool hasSteps() const {
    auto isOfOne = [&](const Term &term) {
      return llvm::any_of(term.labels, [&](int label) {
        return llvm::count(term.labels, label) > 1 ||
               (!has(output, label) &&
                llvm::count_if(terms, [&](const Term &other) {
                  return has(other.labels, label);
                }) == 1);
      });
    };
    return terms.size() > 2 ||
           (terms.size() == 2 && llvm::any_of(terms, isOfOne));
  }

  Value compute() {
    for (Term &term : terms)
      takeDiagonals(term);
    Term result = terms.front();
    for (size_t next = 1; next <= terms.size(); ++next) {
      sumOut(result, next);
      if (next == terms.size())
        break;
      sumOut(terms[next], next + 1, &result.labels);
      result = multiply(result, terms[next], next);
    }
    return arrange(result, output);
  }

  /// Whether the output or a term from `first` on has the label.
  bool isNeeded(int label, size_t first) const {
    return has(output, label) ||
           llvm::any_of(llvm::drop_begin(terms, first), [&](const Term &term) {
             return has(term.labels, label);
           });
  }

  /// Keeps of two axes with one label the elements where both positions agree.
  void takeDiagonals(Term &term) {
    Type type = elementTypeOf(term.value), i64 = b.getBuilder().getI64Type();
    for (size_t axis = 0; axis < term.labels.size(); ++axis)
      for (size_t other = term.labels.size() - 1; other > axis; --other) {
        if (term.labels[other] != term.labels[axis])
          continue;
        int64_t rank = static_cast<int64_t>(term.labels.size());
        auto along = [&](size_t place) {
          Value end = b.squeeze(b.extent(term.value, place), 0);
          Value range =
              b.create("Range", {b.scalar(i64, 0), end, b.scalar(i64, 1)});
          SmallVector<int64_t> shape(rank, 1);
          shape[place] = -1;
          return b.create("Reshape", {range, b.ints(shape)});
        };
        Value same = b.create("Equal", {along(axis), along(other)},
                              b.getBuilder().getI1Type());
        Value diagonal =
            b.create("Where", {same, term.value, b.scalar(type, 0)}, type);
        term.value = sum(diagonal, {static_cast<int64_t>(other)});
        term.labels.erase(term.labels.begin() + other);
      }
  }

  Value sum(Value x, ArrayRef<int64_t> axes) {
    return b.create("ReduceSum", {x, b.ints(axes)}, b.attr("keepdims", 0));
  }

  /// Sums over axes that nothing needs: not `partner`, the output or a term
  /// from `next` on.
  void sumOut(Term &term, size_t next, const Labels *partner = nullptr) {
    SmallVector<int64_t> axes;
    Labels kept;
    for (auto [axis, label] : llvm::enumerate(term.labels)) {
      if (isNeeded(label, next) || (partner && has(*partner, label)))
        kept.push_back(label);
      else
        axes.push_back(static_cast<int64_t>(axis));
    }
    if (axes.empty())
      return;
    term.value = sum(term.value, axes);
    term.labels = kept;
  }

  Value arrange(const Term &term, const Labels &order) {
    SmallVector<int64_t> permutation;
    for (int label : order)
      permutation.push_back(llvm::find(term.labels, label) -
                            term.labels.begin());
    if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
      return term.value;
    return b.transpose(term.value, permutation);
  }

  /// The extents of `labels`, a vector; of one i64 each.
  SmallVector<Value> extents(const Term &term, const Labels &labels) {
    SmallVector<Value> result;
    for (int label : labels)
      result.push_back(b.extent(term.value, llvm::find(term.labels, label) -
                                                term.labels.begin()));
    return result;
  }

  /// The operand of a MatMul with `batch` in front, then `rows` and `columns`
  /// as one axis each.
  Value matrix(const Term &term, const Labels &batch, const Labels &rows,
               const Labels &columns) {
    Labels order = batch;
    order.append(rows);
    order.append(columns);
    Value value = arrange(term, order);
    if (rows.size() == 1 && columns.size() == 1)
      return value;
    SmallVector<Value> shape = extents(term, batch);
    for (const Labels &side : {rows, columns}) {
      Value product = b.ints(1);
      for (Value extent : extents(term, side))
        product = b.create("Mul", {product, extent});
      shape.push_back(product);
    }
    return b.create("Reshape", {value, b.concat(shape, 0)},
                    b.attr("allowzero", 1));
  }

  /// The product of two terms, summed over what they share and no later term
  /// or output has.
  Term multiply(const Term &left, const Term &right, size_t next) {
    Labels batch, inner, rows, columns;
    for (int label : left.labels) {
      bool isShared = has(right.labels, label);
      (!isShared                   ? rows
       : isNeeded(label, next + 1) ? batch
                                   : inner)
          .push_back(label);
    }
    for (int label : right.labels)
      if (!has(left.labels, label))
        columns.push_back(label);
    Value product = b.create("MatMul", {matrix(left, batch, rows, inner),
                                        matrix(right, batch, inner, columns)});
    Term result{product, batch};
    result.labels.append(rows);
    result.labels.append(columns);
    if (rows.size() == 1 && columns.size() == 1)
      return result;
    // Of batch axes one side may have 1: the product has the right extent.
    SmallVector<Value> shape;
    for (size_t axis = 0; axis < batch.size(); ++axis)
      shape.push_back(b.extent(product, axis));
    llvm::append_range(shape, extents(left, rows));
    llvm::append_range(shape, extents(right, columns));
    Value extents = shape.empty() ? b.ints({}) : b.concat(shape, 0);
    result.value =
        b.create("Reshape", {product, extents}, b.attr("allowzero", 1));
    return result;
  }

  OnnxBuilder &b;
  Labels output;
  SmallVector<Term> terms;
};

/// Without an arrow: axes of an ellipsis, then labels that occur once, sorted.
Labels implicitOutput(ArrayRef<Term> terms) {
  std::map<int, int> counts;
  for (const Term &term : terms)
    for (int label : term.labels)
      ++counts[label];
  Labels output;
  for (auto [label, count] : counts)
    if (label < 0 || count == 1)
      output.push_back(label);
  return output;
}

} // namespace

Value expand(OnnxBuilder &b, onnx::EinsumOp op) {
  auto [inputs, result] = op.getEquation().split("->");
  SmallVector<StringRef> texts;
  inputs.split(texts, ',');
  if (texts.size() != op.getInputs().size())
    return {};
  SmallVector<Term> terms;
  int64_t ellipsis = 0;
  for (auto [text, value] : llvm::zip_equal(texts, op.getInputs())) {
    std::optional<Labels> labels = readLabels(text, rankOf(value).value_or(-1));
    if (!labels)
      return {};
    ellipsis = std::max<int64_t>(
        ellipsis, llvm::count_if(*labels, [](int l) { return l < 0; }));
    terms.push_back({value, *labels});
  }
  if (!op.getEquation().contains("->"))
    return EinsumExpander(b, implicitOutput(terms), terms).run();
  int64_t letters = llvm::count_if(result, llvm::isAlpha);
  Labels output = *readLabels(result, letters + ellipsis);
  return EinsumExpander(b, output, terms).run();
}

} // namespace dycc
