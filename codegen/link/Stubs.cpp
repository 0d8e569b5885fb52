// Linking against stubs instead of the C library of some system: no sysroot is
// needed for another target, an undefined symbol is an error at compile time,
// and the libraries are named in the artifact, so that a program without libm
// can load it. Symbols carry no version: both glibc and musl resolve them.
#include "codegen/link/Stubs.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/InterfaceStub/ELFObjHandler.h"
#include "llvm/InterfaceStub/IFSStub.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace dycc::link {
namespace {

constexpr StringLiteral kLibc[] = {
    "_setjmp",
    "abs",
    "bcmp",
    "calloc",
    "free",
    "freelocale",
    "getauxval",
    "longjmp",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "newlocale",
    "posix_memalign",
    "qsort",
    "realloc",
    "sched_getaffinity",
    "sched_yield",
    "snprintf",
    "strcmp",
    "strcspn",
    "strlen",
    "strncmp",
    "strtod",
    "syscall",
    "sysconf",
    "uselocale",
};

constexpr StringLiteral kLibm[] = {
    "acos",       "acosf",   "acosh",   "acoshf",    "asin",
    "asinf",      "asinh",   "asinhf",  "atan",      "atan2",
    "atan2f",     "atanf",   "atanh",   "atanhf",    "cbrt",
    "cbrtf",      "ceil",    "ceilf",   "copysign",  "copysignf",
    "cos",        "cosf",    "cosh",    "coshf",     "erf",
    "erfc",       "erfcf",   "erff",    "exp",       "exp2",
    "exp2f",      "expf",    "expm1",   "expm1f",    "fabs",
    "fabsf",      "floor",   "floorf",  "fma",       "fmaf",
    "fmax",       "fmaxf",   "fmin",    "fminf",     "fmod",
    "fmodf",      "frexp",   "frexpf",  "hypot",     "hypotf",
    "ldexp",      "ldexpf",  "lgamma",  "lgammaf",   "log",
    "log10",      "log10f",  "log1p",   "log1pf",    "log2",
    "log2f",      "logf",    "modf",    "modff",     "nearbyint",
    "nearbyintf", "pow",     "powf",    "remainder", "remainderf",
    "rint",       "rintf",   "round",   "roundeven", "roundevenf",
    "roundf",     "scalbn",  "scalbnf", "sin",       "sincos",
    "sincosf",    "sinf",    "sinh",    "sinhf",     "sqrt",
    "sqrtf",      "tan",     "tanf",    "tanh",      "tanhf",
    "tgamma",     "tgammaf", "trunc",   "truncf",
};

/// Before version 2.34 of glibc they were in a library of their own, which
/// newer versions still have, empty.
constexpr StringLiteral kLibpthread[] = {
    "pthread_attr_destroy", "pthread_attr_init", "pthread_attr_setstacksize",
    "pthread_create",       "pthread_join",
};

/// In a library of their own before that version, too.
constexpr StringLiteral kLibdl[] = {"dlopen", "dlsym"};

struct Library {
  StringLiteral name;
  ArrayRef<StringLiteral> symbols;
};

const Library kLibraries[] = {{"libc.so.6", kLibc},
                              {"libm.so.6", kLibm},
                              {"libpthread.so.0", kLibpthread},
                              {"libdl.so.2", kLibdl}};

ifs::IFSStub makeStub(const Library &library, const Triple &triple) {
  ifs::IFSStub stub;
  stub.SoName = library.name.str();
  stub.Target.Arch = triple.isAArch64() ? ELF::EM_AARCH64 : ELF::EM_X86_64;
  stub.Target.BitWidth = ifs::IFSBitWidthType::IFS64;
  stub.Target.Endianness = ifs::IFSEndiannessType::Little;
  for (StringRef name : library.symbols) {
    ifs::IFSSymbol symbol(name.str());
    symbol.Type = ifs::IFSSymbolType::Func;
    stub.Symbols.push_back(std::move(symbol));
  }
  return stub;
}

} // namespace

Expected<std::vector<std::string>> writeStubs(const Triple &triple,
                                              StringRef folder) {
  std::vector<std::string> paths;
  for (const Library &library : kLibraries) {
    SmallString<128> path(folder);
    sys::path::append(path, library.name);
    if (Error error = ifs::writeBinaryStub(path, makeStub(library, triple),
                                           /*WriteIfChanged=*/false))
      return std::move(error);
    paths.push_back(path.str().str());
  }
  return paths;
}

bool isInStubs(StringRef symbol) {
  for (const Library &library : kLibraries)
    if (is_contained(library.symbols, symbol))
      return true;
  return false;
}

} // namespace dycc::link
