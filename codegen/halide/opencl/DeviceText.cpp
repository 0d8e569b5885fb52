#include "codegen/halide/opencl/DeviceText.h"

#include "codegen/halide/KernelError.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;

namespace dycc::halide {
namespace {

/// What definitions call by the names of the C library, or by ours. A device
/// whose fma is a function would take a hundred times as long for it.
constexpr const char *functions = R"(#ifdef FP_FAST_FMAF
#define dycc_multiply_add fma
#else
#define dycc_multiply_add(a, b, c) ((a) * (b) + (c))
#endif
#define dycc_opaque(x) (x)
#define acosf acos
#define acoshf acosh
#define asinf asin
#define asinhf asinh
#define atanf atan
#define atanhf atanh
#define cosf cos
#define coshf cosh
#define erff erf
#define expf exp
#define expm1f expm1
#define fmodf fmod
#define logf log
#define powf pow
#define sinf sin
#define sinhf sinh
#define tanf tan
#define tanhf tanh
)";

/// Conversions of f16, whose bits are integers everywhere else (HalfStorage.h),
/// for vectors of N lanes. They go through memory of the thread, from where and
/// to where OpenCL converts without an extension.
constexpr const char *halfFunctions = R"(
static floatN dycc_from_halfN(ushortN bits) {
 return vload_halfN(0, (const __private half *)&bits);
}
static ushortN dycc_to_halfN(floatN value) {
 ushortN bits;
 vstore_halfN_rte(value, 0, (__private half *)&bits);
 return bits;
}
)";

std::string halfFunctionsOf(StringRef lanes) {
  llvm::SmallVector<StringRef> parts;
  StringRef(halfFunctions).split(parts, 'N');
  return llvm::join(parts, lanes);
}

/// What not every device has, and how a text that needs it says so.
constexpr std::pair<StringRef, StringRef> extensions[] = {
    {"double", "floats of 64 bits"}, {"half", "floats of 16 bits"}};

bool hasWord(StringRef text, StringRef word) {
  auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(word); at != StringRef::npos;
       at = text.find(word, at + 1)) {
    size_t end = at + word.size();
    bool begins = at == 0 || !isPart(text[at - 1]);
    // "double4" is a double, too.
    bool ends =
        end == text.size() || !isPart(text[end]) || llvm::isDigit(text[end]);
    if (begins && ends)
      return true;
  }
  return false;
}

class TextWriter {
public:
  std::string write(StringRef text) {
    llvm::SmallVector<StringRef> lines;
    text.split(lines, '\n');
    result = functions;
    if (text.contains("dycc_from_half") || text.contains("dycc_to_half"))
      for (StringRef lanes : {"", "2", "3", "4", "8", "16"})
        result += halfFunctionsOf(lanes);
    for (StringRef line : lines)
      writeLine(line);
    if (kernels == 0)
      throw HalideError("expects a kernel in the text of a program, got none");
    return std::move(result);
  }

private:
  void writeLine(StringRef line) {
    if (line.starts_with("__kernel ")) {
      isSignature = line.ends_with("(");
      kernels += isSignature;
      pointers.clear();
    } else if (isSignature && line == "{") {
      isSignature = false;
      add(line);
      for (const std::string &pointer : pointers)
        add(pointer);
      return;
    } else if (isSignature && line.starts_with(" __address_space_")) {
      return writeBuffer(line);
    }
    if (size_t cast = line.find("((__address_space_"); cast != StringRef::npos)
      return writeVector(line, cast);
    add(line);
  }

  /// "((__address_space__x float4 *)_x)[_1];" or with " = _2;": what is cast to
  /// a vector has its alignment and, of three lanes, the size of four; a tensor
  /// has neither.
  void writeVector(StringRef line, size_t cast) {
    auto [space, typed] = line.drop_front(cast + 2).split(' ');
    if (typed.take_until([](char c) { return c == '*'; }).back() != ' ')
      return add(line); // Of single elements, as "float*".
    auto [type, named] = typed.split(" *)");
    auto [name, indexed] = named.split(")[");
    auto [index, rest] = indexed.split(']');
    StringRef lanes = type.drop_while([](char c) { return !llvm::isDigit(c); });
    StringRef before = line.take_front(cast);
    bool isStore = rest.consume_front(" = ") && rest.consume_back(";");
    bool isLoad = rest == ";" && !before.trim().empty();
    if (lanes.empty() || index.empty() || (!isStore && !isLoad))
      throw HalideError("expects an access of a vector, got '" +
                        line.trim().str() + "'");
    if (isStore)
      return add(before + "vstore" + lanes + "(" + rest + ", " + index + ", " +
                 name + ");");
    add(before + "vload" + lanes + "(" + index + ", " + name + ");");
  }

  /// "__address_space__in0 const float *restrict _in0," in a signature.
  void writeBuffer(StringRef line) {
    auto [left, right] = line.split(" *restrict ");
    auto [space, type] = left.trim().split(' ');
    StringRef name = right.take_until([](char c) { return c == ','; });
    if (right.size() != name.size() + 1 || type.empty())
      throw HalideError("expects a buffer in a signature, got '" + line.str() +
                        "'");
    add((" __global char *" + name + "_memory, const ulong " + name +
         "_offset,")
            .str());
    std::string pointer = ("__global " + type + " *").str();
    pointers.push_back(" " + pointer + name.str() + " = (" + pointer + ")(" +
                       name.str() + "_memory + " + name.str() + "_offset);");
  }

  void add(const llvm::Twine &line) { result += (line + "\n").str(); }

  std::string result;
  bool isSignature = false;
  unsigned kernels = 0;
  std::vector<std::string> pointers; ///< Of the kernel that is being written.
};

} // namespace

std::string rewriteDeviceText(StringRef text) {
  auto [comment, program] = text.split('\n'); // It names the target.
  for (auto [word, what] : extensions)
    if (hasWord(program, word))
      throw KernelError(
          ("needs " + what + ", which not every device has").str());
  return TextWriter().write(program);
}

} // namespace dycc::halide
