// What the compiler decides, and why: MLIR's remarks (mlir/IR/Remarks.h) with
// texts in which expressions stay expressions, so that the driver can write
// them in the user's names. A remark is one line where the decision is made,
// and costs a look at a null pointer where nobody asked:
//
//   remarks::missed(remarks::kFuse, op->getLoc(), DEBUG_TYPE)
//       << "is not fused into " << user << ": " << why;
#ifndef DYCC_PASSES_REMARKS_H
#define DYCC_PASSES_REMARKS_H

#include "dialects/dyn/DynOps.h"

#include "mlir/IR/Remarks.h"

#include <array>
#include <variant>

namespace dycc::remarks {

/// What decisions are about: the names that `--remarks` takes.
constexpr llvm::StringLiteral kFuse =
                                  "fuse", ///< Which operators share a kernel.
    kLayout = "layout",                   ///< How elements lie in memory.
    kCopy = "copy",        ///< What is moved, and what is only another name.
    kInPlace = "in-place", ///< Results over operands.
    kOrder = "order",      ///< When launches run.
    kPlace = "place",      ///< In which memory a value lies, and with whom.
    kVersion = "version";  ///< Which ways to compute a kernel there are.
constexpr llvm::StringLiteral kCategories[] = {
    kFuse, kLayout, kCopy, kOrder, kInPlace, kPlace, kVersion};

/// Whether anyone asked for remarks of any category.
inline bool areWanted(mlir::MLIRContext *context) {
  return context->getRemarkEngine() != nullptr;
}

/// What a text names: a number, a node, an expression, the extents of a type,
/// a word.
using Subject = std::variant<int64_t, mlir::Operation *, dyn::ExprAttr,
                             mlir::Type, llvm::StringRef>;

/// Why something is not done: a text in which "{0}" stands for the first
/// subject. False where it is done. No text is made before it is streamed.
class Reason {
public:
  Reason() = default;
  template <typename... T>
  Reason(llvm::StringLiteral text, T... subjects)
      : text(text), subjects{Subject(subjects)...} {}

  explicit operator bool() const { return !text.empty(); }

private:
  friend class Remark;
  llvm::StringRef text;
  std::array<Subject, 2> subjects;
};

/// A remark while its text is made; it is out when this ends.
class Remark {
public:
  Remark(mlir::MLIRContext *context,
         mlir::remark::detail::InFlightRemark remark)
      : context(context), remark(std::move(remark)) {}
  Remark(Remark &&) = delete; // Made where it is returned to.
  ~Remark();

  /// Adds words, a reason, or what a Subject can be.
  template <typename T>
  Remark &operator<<(const T &piece) {
    if (!remark)
      return *this;
    if constexpr (std::is_convertible_v<T, llvm::StringRef>)
      write(llvm::StringRef(piece));
    else if constexpr (std::is_same_v<T, Reason>)
      write(piece);
    else
      write(Subject(piece));
    return *this;
  }

private:
  void write(llvm::StringRef words);
  void write(const Reason &reason);
  void write(const Subject &subject);
  void write(mlir::Operation *op);
  void write(mlir::Type type);

  mlir::MLIRContext *context;
  mlir::remark::detail::InFlightRemark remark;
  llvm::SmallVector<mlir::Attribute, 0> parts;
};

/// Something was done, or was not: to what the node at `location` makes (of
/// several fused ones the last), as the pass of that name decided.
Remark taken(llvm::StringLiteral category, mlir::Location location,
             llvm::StringLiteral pass);
Remark missed(llvm::StringLiteral category, mlir::Location location,
              llvm::StringLiteral pass);

/// The parts of a remark's text: strings and expressions (dyn::ExprAttr).
mlir::ArrayAttr partsOf(const mlir::remark::detail::Remark &remark);

} // namespace dycc::remarks

#endif // DYCC_PASSES_REMARKS_H
