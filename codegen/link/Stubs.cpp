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
    "_setjmp",     "abs",       "bcmp",           "calloc",
    "fclose",      "fopen",     "fread",          "free",
    "freelocale",  "fseek",     "ftell",          "fwrite",
    "getauxval",   "getpid",    "longjmp",        "malloc",
    "memchr",      "memcmp",    "memcpy",         "memmove",
    "memset",      "newlocale", "posix_memalign", "qsort",
    "realloc",     "remove",    "rename",         "sched_getaffinity",
    "sched_yield", "snprintf",  "strcmp",         "strcspn",
    "strlen",      "strncmp",   "strtod",         "syscall",
    "sysconf",     "uselocale",
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

const Library kGnuLibraries[] = {{"libc.so.6", kLibc},
                                 {"libm.so.6", kLibm},
                                 {"libpthread.so.0", kLibpthread},
                                 {"libdl.so.2", kLibdl}};

/// Android's libc has threads, and not all of libm's newer functions.
const Library kAndroidLibraries[] = {{"libc.so", kLibc},
                                     {"libm.so", kLibm},
                                     {"libc.so", kLibpthread},
                                     {"libdl.so", kLibdl}};

/// What glibc has and Android's libraries of API 21 have not.
constexpr StringLiteral kGnuAlone[] = {"bcmp", "roundeven", "roundevenf"};

ArrayRef<Library> librariesOf(const Triple &triple) {
  if (triple.isAndroid())
    return kAndroidLibraries;
  return kGnuLibraries;
}

/// Whether the system's libraries have the name.
bool isThere(StringRef symbol, const Triple &triple) {
  return !triple.isAndroid() || !is_contained(kGnuAlone, symbol);
}

ifs::IFSStub makeStub(StringRef name, const Triple &triple) {
  ifs::IFSStub stub;
  stub.SoName = name.str();
  stub.Target.Arch = triple.isAArch64() ? ELF::EM_AARCH64 : ELF::EM_X86_64;
  stub.Target.BitWidth = ifs::IFSBitWidthType::IFS64;
  stub.Target.Endianness = ifs::IFSEndiannessType::Little;
  for (const Library &library : librariesOf(triple)) {
    if (library.name != name)
      continue;
    for (StringRef function : library.symbols) {
      if (!isThere(function, triple))
        continue;
      ifs::IFSSymbol symbol(function.str());
      symbol.Type = ifs::IFSSymbolType::Func;
      stub.Symbols.push_back(std::move(symbol));
    }
  }
  return stub;
}

} // namespace

Expected<std::vector<std::string>> writeStubs(const Triple &triple,
                                              StringRef folder) {
  std::vector<std::string> paths;
  for (const Library &library : librariesOf(triple)) {
    SmallString<128> path(folder);
    sys::path::append(path, library.name);
    if (is_contained(paths, path.str()))
      continue;
    if (Error error = ifs::writeBinaryStub(path, makeStub(library.name, triple),
                                           /*WriteIfChanged=*/false))
      return std::move(error);
    paths.push_back(path.str().str());
  }
  return paths;
}

bool isInStubs(StringRef symbol, const Triple &triple) {
  for (const Library &library : librariesOf(triple))
    if (is_contained(library.symbols, symbol))
      return isThere(symbol, triple);
  return false;
}

} // namespace dycc::link
