// Instructions for the nodes of a pattern, one behind the other as in the text;
// repetitions of a number are written out.
#include "passes/shape/RegexProgram.h"

#include "passes/shape/RegexSyntax.h"
#include "runtime/abi/Regex.h"

using namespace mlir;

namespace dycc {
namespace {

using regex::Node;

/// A match takes time by these.
constexpr size_t kMostInstructions = 20000;
/// Nodes that are written out, those without instructions included.
constexpr size_t kMostSteps = 200000;

class Writer {
public:
  void write(const Node &node);
  bool isTooLong() const {
    return code.size() > kMostInstructions || steps > kMostSteps;
  }
  std::vector<int32_t> finish();

private:
  struct Instruction {
    int32_t kind, a, b;
  };
  int32_t here() const { return int32_t(code.size()); }
  int32_t add(int32_t kind, int32_t a = 0, int32_t b = 0) {
    code.push_back({kind, a, b});
    return here() - 1;
  }
  void writeSet(const regex::CharacterSet &set);
  void writeAlternatives(ArrayRef<Node> nodes);
  void writeRepetition(const Node &node);

  std::vector<Instruction> code;
  std::vector<int32_t> ranges;
  size_t steps = 0;
};

void Writer::write(const Node &node) {
  ++steps;
  if (isTooLong())
    return;
  switch (node.kind) {
  case Node::Empty:
    return;
  case Node::Set:
    return writeSet(node.set);
  case Node::Sequence:
    for (const Node &child : node.children)
      write(child);
    return;
  case Node::Alternatives:
    return writeAlternatives(node.children);
  case Node::Repetition:
    return writeRepetition(node);
  case Node::Assertion:
    add(node.least);
    return;
  }
}

/// Ranges are found behind the instructions, whose number is not known yet.
void Writer::writeSet(const regex::CharacterSet &set) {
  add(DYCC_REGEX_SET, int32_t(ranges.size()), int32_t(set.ranges.size()));
  for (auto [first, last] : set.ranges) {
    ranges.push_back(int32_t(first));
    ranges.push_back(int32_t(last));
  }
}

void Writer::writeAlternatives(ArrayRef<Node> nodes) {
  SmallVector<int32_t> jumps;
  for (const Node &node : nodes.drop_back()) {
    int32_t split = add(DYCC_REGEX_SPLIT, here() + 1);
    write(node);
    jumps.push_back(add(DYCC_REGEX_JUMP));
    code[split].b = here();
  }
  write(nodes.back());
  for (int32_t jump : jumps)
    code[jump].a = here();
}

void Writer::writeRepetition(const Node &node) {
  const Node &child = node.children.front();
  for (int i = 0; i < node.least && !isTooLong(); ++i)
    write(child);
  if (node.most < 0) {
    int32_t split = add(DYCC_REGEX_SPLIT, here() + 1);
    write(child);
    add(DYCC_REGEX_JUMP, split);
    code[split].b = here();
    return;
  }
  SmallVector<int32_t> splits;
  for (int i = node.least; i < node.most && !isTooLong(); ++i) {
    splits.push_back(add(DYCC_REGEX_SPLIT, here() + 1));
    write(child);
  }
  for (int32_t split : splits)
    code[split].b = here();
}

std::vector<int32_t> Writer::finish() {
  add(DYCC_REGEX_MATCH);
  std::vector<int32_t> program = {here()};
  int32_t first = 1 + here() * DYCC_REGEX_WORDS;
  for (auto [kind, a, b] : code)
    llvm::append_values(program, kind, kind == DYCC_REGEX_SET ? a + first : a,
                        b);
  llvm::append_range(program, ranges);
  return program;
}

} // namespace

llvm::Expected<std::vector<int32_t>> compileRegex(StringRef pattern) {
  llvm::Expected<Node> node = regex::parse(pattern);
  if (!node)
    return node.takeError();
  Writer writer;
  writer.write(*node);
  if (writer.isTooLong())
    return llvm::createStringError("with its repetitions it is longer than "
                                   "20000 instructions");
  return writer.finish();
}

} // namespace dycc
