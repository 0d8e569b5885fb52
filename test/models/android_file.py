"""What Android's loader asks of a shared library, read off the file with llvm-readelf."""

import re
import subprocess

TRIPLE = "aarch64-linux-android24"
# The libraries that every app may link to, and of what they export since API 21 all that
# compiled models may ask for (bionic's libc.map.txt and libm.map.txt).
LIBRARIES = {
    "libc.so": "_setjmp abs calloc free freelocale getauxval longjmp malloc memchr memcmp "
               "memcpy memmove memset newlocale posix_memalign pthread_attr_destroy "
               "pthread_attr_init pthread_attr_setstacksize pthread_create pthread_join qsort "
               "realloc sched_getaffinity sched_yield snprintf strcmp strcspn strlen strncmp "
               "strtod syscall sysconf uselocale",
    "libm.so": "acos acosf acosh acoshf asin asinf asinh asinhf atan atan2 atan2f atanf atanh "
               "atanhf cbrt cbrtf ceil ceilf copysign copysignf cos cosf cosh coshf erf erfc "
               "erfcf erff exp exp2 exp2f expf expm1 expm1f fabs fabsf floor floorf fma fmaf "
               "fmax fmaxf fmin fminf fmod fmodf frexp frexpf hypot hypotf ldexp ldexpf lgamma "
               "lgammaf log log10 log10f log1p log1pf log2 log2f logf modf modff nearbyint "
               "nearbyintf pow powf remainder remainderf rint rintf round roundf scalbn "
               "scalbnf sin sincos sincosf sinf sinh sinhf sqrt sqrtf tan tanf tanh tanhf tgamma tgammaf "
               "trunc truncf",
    "libdl.so": "dlopen dlsym"}
PAGE = 16384


def read(library, *options):
    return subprocess.run(["llvm-readelf-22", *options, str(library)], check=True,
                          capture_output=True, text=True).stdout


def wrong(library):
    """The first thing that Android's loader would refuse or warn of, or None."""
    dynamic = read(library, "--dynamic-table")
    needed = re.findall(r"NEEDED\).*\[(.+)\]", dynamic)
    if others := set(needed) - set(LIBRARIES):
        return f"needs {', '.join(sorted(others))}"
    for forbidden in ("TEXTREL", "RPATH", "RUNPATH"):
        if forbidden in dynamic:
            return f"has {forbidden}"
    for wanted in (f"[{library.name}]", "SONAME", "BIND_NOW", "(HASH)", "GNU_HASH"):
        if wanted not in dynamic:
            return f"has no {wanted}: {dynamic}"
    headers = read(library, "--program-headers")
    loads = re.findall(r"LOAD .*0x([0-9a-f]+)\n", headers)
    if not loads or any(int(align, 16) < PAGE for align in loads):
        return f"has pages of {loads}"
    if "GNU_RELRO" not in headers or " TLS " in headers or "RWE" in headers:
        return f"expected relro, no storage for threads and no code to write: {headers}"
    symbols = read(library, "--dyn-symbols")
    exported = " ".join(LIBRARIES.values()).split()
    undefined = re.findall(r" UND (\S+)", symbols)
    if others := [name for name in undefined if name.partition("@")[0] not in exported]:
        return f"asks for {', '.join(others)}"
    return "has an IFUNC" if "IFUNC" in symbols else None


def links(folder, libraries):
    """A folder in which Android's names lead to glibc's `libraries`."""
    place = folder / "android"
    place.mkdir()
    for name in ("libc.so", "libm.so", "libdl.so"):
        (place / name).symlink_to(libraries / f"{name}.{'2' if 'dl' in name else '6'}")
    return place
