// Regular expressions as trees.
#ifndef DYCC_PASSES_SHAPE_REGEXSYNTAX_H
#define DYCC_PASSES_SHAPE_REGEXSYNTAX_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace dycc::regex {

/// The largest character.
constexpr uint32_t kLast = 0x10ffff;

/// Characters as ranges, ascending and apart once they are normalized.
class CharacterSet {
public:
  void add(uint32_t first, uint32_t last) { ranges.push_back({first, last}); }
  void add(const CharacterSet &other) {
    llvm::append_range(ranges, other.ranges);
  }
  /// Adds the other case of ASCII's letters, and what folds to them.
  void addOtherCase();
  void normalize();
  /// The characters that are in none of these ranges, which are normalized.
  CharacterSet complement() const;
  bool isBeyondAscii() const;

  std::vector<std::pair<uint32_t, uint32_t>> ranges;
};

/// \d, \w, \s and their complements by their letter; empty for others.
CharacterSet classOf(char letter);
/// The class of [:name:]; empty for other names.
CharacterSet namedClass(llvm::StringRef name);

struct Node {
  enum Kind {
    Empty,
    Set,
    Sequence,
    Alternatives,
    Repetition, ///< Of the one child, `least` to `most` times.
    Assertion   ///< `least` is its kind in runtime/abi/Regex.h.
  };
  Kind kind = Empty;
  CharacterSet set;
  std::vector<Node> children;
  int least = 0, most = 0; ///< most -1: any number.

  static Node ofSet(CharacterSet set) {
    set.normalize();
    Node node;
    node.kind = Set;
    node.set = std::move(set);
    return node;
  }
  static Node assertion(int kind) {
    Node node;
    node.kind = Assertion;
    node.least = kind;
    return node;
  }
};

/// The tree of a pattern, or what is wrong with it.
llvm::Expected<Node> parse(llvm::StringRef pattern);

} // namespace dycc::regex

#endif // DYCC_PASSES_SHAPE_REGEXSYNTAX_H
