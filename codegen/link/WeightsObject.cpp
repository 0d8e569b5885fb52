// LLVM's object writers keep a section in memory and weights may have many
// gigabytes, so the few structures around them are written here.
#include "codegen/link/WeightsObject.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace dycc::link {
namespace {

constexpr uint64_t kPage = 4096;
constexpr StringLiteral kSectionNames = StringLiteral::withInnerNUL(
    "\0.dycc_weights\0.symtab\0.strtab\0.shstrtab\0");
constexpr StringLiteral kSymbolNames =
    StringLiteral::withInnerNUL("\0dycc_weights\0");
enum { kNull, kWeights, kSymtab, kStrtab, kShstrtab, kNumSections };

/// Where the parts of the file lie: header, weights, symbols, both string
/// tables, section headers.
struct Layout {
  uint64_t weights = kPage, symbols, strings, names, sections;

  explicit Layout(uint64_t weightBytes) {
    symbols = alignTo(weights + weightBytes, 8);
    strings = symbols + 2 * sizeof(ELF::Elf64_Sym);
    names = strings + kSymbolNames.size();
    sections = alignTo(names + kSectionNames.size(), 8);
  }
};

template <typename T>
void put(raw_ostream &os, const T &value) {
  os.write(reinterpret_cast<const char *>(&value), sizeof(T));
}

uint32_t nameOffset(StringRef name) {
  return uint32_t(StringRef(kSectionNames).find(name));
}

ELF::Elf64_Ehdr makeHeader(const Triple &triple, const Layout &layout) {
  ELF::Elf64_Ehdr header = {};
  memcpy(header.e_ident, ELF::ElfMagic, 4);
  header.e_ident[ELF::EI_CLASS] = ELF::ELFCLASS64;
  header.e_ident[ELF::EI_DATA] = ELF::ELFDATA2LSB;
  header.e_ident[ELF::EI_VERSION] = ELF::EV_CURRENT;
  header.e_type = ELF::ET_REL;
  header.e_machine = triple.isAArch64() ? ELF::EM_AARCH64 : ELF::EM_X86_64;
  header.e_version = ELF::EV_CURRENT;
  header.e_shoff = layout.sections;
  header.e_ehsize = sizeof(ELF::Elf64_Ehdr);
  header.e_shentsize = sizeof(ELF::Elf64_Shdr);
  header.e_shnum = kNumSections;
  header.e_shstrndx = kShstrtab;
  return header;
}

ELF::Elf64_Shdr makeSection(StringRef name, uint32_t type, uint64_t offset,
                            uint64_t size, uint64_t alignment) {
  ELF::Elf64_Shdr section = {};
  section.sh_name = nameOffset(name);
  section.sh_type = type;
  section.sh_offset = offset;
  section.sh_size = size;
  section.sh_addralign = alignment;
  return section;
}

void writeSymbols(raw_ostream &os, uint64_t weightBytes) {
  put(os, ELF::Elf64_Sym{});
  ELF::Elf64_Sym symbol = {};
  symbol.st_name = 1;
  symbol.st_info = (ELF::STB_GLOBAL << 4) | ELF::STT_OBJECT;
  symbol.st_other = ELF::STV_HIDDEN;
  symbol.st_shndx = kWeights;
  symbol.st_size = weightBytes;
  put(os, symbol);
}

void writeSections(raw_ostream &os, const Layout &layout,
                   uint64_t weightBytes) {
  put(os, ELF::Elf64_Shdr{});
  auto weights = makeSection(".dycc_weights", ELF::SHT_PROGBITS, layout.weights,
                             weightBytes, kPage);
  weights.sh_flags = ELF::SHF_ALLOC;
  put(os, weights);
  auto symbols = makeSection(".symtab", ELF::SHT_SYMTAB, layout.symbols,
                             2 * sizeof(ELF::Elf64_Sym), 8);
  symbols.sh_link = kStrtab;
  symbols.sh_info = 1; // The first global symbol.
  symbols.sh_entsize = sizeof(ELF::Elf64_Sym);
  put(os, symbols);
  put(os, makeSection(".strtab", ELF::SHT_STRTAB, layout.strings,
                      kSymbolNames.size(), 1));
  put(os, makeSection(".shstrtab", ELF::SHT_STRTAB, layout.names,
                      kSectionNames.size(), 1));
}

Error checkPieces(const LinkJob &job) {
  uint64_t end = 0;
  for (const Weight &piece : job.weights) {
    if (piece.offset < end)
      return createStringError("weight at offset %llu overlaps the one before, "
                               "which ends at %llu",
                               (unsigned long long)piece.offset,
                               (unsigned long long)end);
    end = piece.offset + piece.bytes.size();
    if (end > job.weightBytes)
      return createStringError("weight ends at %llu, expects at most %llu",
                               (unsigned long long)end,
                               (unsigned long long)job.weightBytes);
  }
  return Error::success();
}

void writeAll(raw_fd_ostream &os, const LinkJob &job) {
  Layout layout(job.weightBytes);
  put(os, makeHeader(job.triple, layout));
  auto padTo = [&os](uint64_t offset) {
    // Most of a large gap is left to the file system.
    if (offset > os.tell() + kPage)
      os.seek(offset);
    os.write_zeros(unsigned(offset - os.tell()));
  };
  for (const Weight &piece : job.weights) {
    padTo(layout.weights + piece.offset);
    os.write(piece.bytes.data(), piece.bytes.size());
  }
  padTo(layout.symbols);
  writeSymbols(os, job.weightBytes);
  os << kSymbolNames << kSectionNames;
  padTo(layout.sections);
  writeSections(os, layout, job.weightBytes);
}

} // namespace

Error writeWeightsObject(const LinkJob &job, StringRef path) {
  if (Error error = checkPieces(job))
    return error;
  std::error_code code;
  raw_fd_ostream os(path, code, sys::fs::OF_None);
  if (!code) {
    writeAll(os, job);
    os.close();
    code = os.error();
    os.clear_error();
  }
  if (code)
    return createStringError(code, "cannot write weights to '%s': %s",
                             path.str().c_str(), code.message().c_str());
  return Error::success();
}

} // namespace dycc::link
