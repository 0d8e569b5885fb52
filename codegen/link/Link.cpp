#include "codegen/link/Link.h"

#include "codegen/link/Process.h"
#include "codegen/link/Stubs.h"
#include "codegen/link/WeightsObject.h"

#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace dycc::link {

/// What an artifact is asked through, by its names in the runtime and in it.
struct Query {
  std::string own, exported;
};

static SmallVector<Query> queriesOf(const LinkJob &job) {
  SmallVector<Query> queries;
  for (StringRef what : {"_model_query", "_family_query"})
    if (job.isFamily || queries.empty())
      queries.push_back({("dycc" + what).str(), (job.prefix + what).str()});
  return queries;
}

std::string ownFolder() {
  std::string self =
      sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&ownFolder));
  SmallString<128> folder = sys::path::parent_path(self);
  sys::path::append(folder, "..", "lib", "dycc");
  return folder.str().str();
}

Expected<std::string> findRuntime(const Triple &triple, bool sanitize) {
  std::string folder = ownFolder();
  std::string name = (triple.getArchName() +
                      (triple.isAndroid() ? "-linux-android" : "-linux-gnu"))
                         .str();
  StringRef file = sanitize ? "libdycc_rt_sanitized.a" : "libdycc_rt.a";
  SmallString<128> path(folder);
  sys::path::append(path, name, file);
  if (sys::fs::exists(path))
    return path.str().str();
  return createStringError("no runtime for '%s': expects '%s/%s' in '%s'",
                           triple.str().c_str(), name.c_str(),
                           file.str().c_str(), folder.c_str());
}

static Error checkTriple(const Triple &given) {
  Triple triple(Triple::normalize(given.str())); // "x86_64-linux-gnu" too.
  if (triple.isOSLinux() && triple.isOSBinFormatELF() &&
      (triple.getArch() == Triple::x86_64 ||
       triple.getArch() == Triple::aarch64))
    return Error::success();
  return createStringError("cannot link for '%s', expects x86_64 or aarch64 "
                           "Linux",
                           given.str().c_str());
}

static Error writeText(StringRef path, StringRef text) {
  return writeToOutput(path, [text](raw_ostream &os) {
    os << text;
    return Error::success();
  });
}

/// What every form links: objects, weights, runtime.
static Expected<std::vector<std::string>> collectInputs(const LinkJob &job,
                                                        WorkFolder &work) {
  if (Error error = checkTriple(job.triple))
    return std::move(error);
  std::string weights = work.file("weights.o");
  if (Error error = writeWeightsObject(job, weights))
    return std::move(error);
  std::vector<std::string> inputs = job.objects;
  inputs.push_back(weights);
  if (!job.runtime.empty()) {
    inputs.push_back(job.runtime);
    return inputs;
  }
  auto runtime = findRuntime(job.triple, job.sanitize);
  if (!runtime)
    return runtime.takeError();
  inputs.push_back(*runtime);
  return inputs;
}

/// Links `inputs` to `output`, a path.
static Error runLinker(const LinkJob &job, WorkFolder &work,
                       ArrayRef<std::string> options,
                       ArrayRef<std::string> inputs, StringRef output) {
  std::vector<std::string> arguments = {
      "-m", job.triple.isAArch64() ? "aarch64linux" : "elf_x86_64",
      "--gc-sections"};
  for (const Query &query : queriesOf(job))
    arguments.insert(arguments.end(), {"-u", query.own});
  append_range(arguments, options);
  arguments.insert(arguments.end(), {"-o", output.str()});
  append_range(arguments, inputs);
  return runTool(job, "ld.lld", std::move(arguments), work.path());
}

/// Makes one form of output in the work folder and returns its file name there.
using Maker = Expected<std::string>(const LinkJob &job, WorkFolder &work,
                                    ArrayRef<std::string> inputs);

/// What all forms have in common: nothing is left of a failure.
static Error link(const LinkJob &job, Maker make) {
  auto work = WorkFolder::create(job);
  if (!work)
    return work.takeError();
  auto inputs = collectInputs(job, *work);
  if (!inputs)
    return inputs.takeError();
  auto file = make(job, *work, *inputs);
  if (!file)
    return file.takeError();
  return work->publish(*file, job);
}

/// What the loader of the target's system asks of a shared library. Android's
/// may have pages of 16 KiB, and knows no hashes of GNU before API 23.
static std::vector<std::string> systemOptions(const Triple &triple) {
  if (!triple.isAndroid())
    return {"--hash-style=gnu"};
  return {"--hash-style=both", "-z", "max-page-size=16384",
          "--pack-dyn-relocs=none"};
}

static Expected<std::string> makeShared(const LinkJob &job, WorkFolder &work,
                                        ArrayRef<std::string> inputs) {
  auto stubs = writeStubs(job.triple, work.path());
  if (!stubs)
    return stubs.takeError();
  std::vector<std::string> all = inputs.vec();
  append_range(all, *stubs);
  std::string exports = work.file("exports"), script = work.file("script");
  std::string global;
  for (const Query &query : queriesOf(job))
    global += query.own + "; " + query.exported + "; ";
  if (Error error =
          writeText(exports, "{ global: " + global + "local: *; };\n"))
    return std::move(error);
  // Weights come last: between code and data they would be farther apart than
  // instructions reach.
  if (Error error = writeText(script, "SECTIONS { .dycc_weights : "
                                      "{ *(.dycc_weights) } } "
                                      "INSERT AFTER .bss;\n"))
    return std::move(error);
  std::vector<std::string> options;
  for (StringRef argument :
       {"-shared", job.sanitize ? "-zundefs" : "-zdefs", "-z", "now", "-z",
        "noexecstack", "-z", "text", "--build-id=none", "--strip-all",
        "--as-needed", "--color-diagnostics=never"})
    options.push_back(argument.str());
  append_range(options, systemOptions(job.triple));
  options.push_back("--version-script=" + exports);
  for (const Query &query : queriesOf(job))
    if (query.own != query.exported)
      options.push_back("--defsym=" + query.exported + "=" + query.own);
  options.push_back("-soname=" + sys::path::filename(job.output).str());
  options.push_back("--script=" + script);
  if (Error error = runLinker(job, work, options, all, work.file("out")))
    return std::move(error);
  return "out";
}

/// Relocatable links accept undefined symbols: the user's link would fail.
static Error checkUndefined(StringRef path, const Triple &triple) {
  auto file = object::ObjectFile::createObjectFile(path);
  if (!file)
    return file.takeError();
  for (const object::SymbolRef &symbol : file->getBinary()->symbols()) {
    auto flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    if ((*flags & object::SymbolRef::SF_Undefined) && !name->empty() &&
        !isInStubs(*name, triple) && *name != "_GLOBAL_OFFSET_TABLE_")
      return createStringError("undefined symbol: %s", name->str().c_str());
  }
  return Error::success();
}

static Expected<std::string> makeObject(const LinkJob &job, WorkFolder &work,
                                        ArrayRef<std::string> inputs) {
  std::string joined = work.file("joined.o"), out = work.file("model.o");
  if (Error error = runLinker(job, work, {"-r"}, inputs, joined))
    return std::move(error);
  std::vector<std::string> arguments;
  for (const Query &query : queriesOf(job))
    arguments.insert(arguments.end(),
                     {"--redefine-sym=" + query.own + "=" + query.exported,
                      "--keep-global-symbol=" + query.own});
  arguments.insert(arguments.end(), {"--strip-unneeded", joined, out});
  if (Error error =
          runTool(job, "llvm-objcopy", std::move(arguments), work.path()))
    return std::move(error);
  if (Error error = checkUndefined(out, job.triple))
    return std::move(error);
  return "model.o";
}

static Expected<std::string> makeStatic(const LinkJob &job, WorkFolder &work,
                                        ArrayRef<std::string> inputs) {
  auto object = makeObject(job, work, inputs);
  if (!object)
    return object.takeError();
  auto member = NewArchiveMember::getFile(work.file(*object),
                                          /*Deterministic=*/true);
  if (!member)
    return member.takeError();
  member->MemberName = *object;
  std::vector<NewArchiveMember> members;
  members.push_back(std::move(*member));
  if (Error error =
          writeArchive(work.file("out.a"), members,
                       SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
                       /*Deterministic=*/true, /*Thin=*/false))
    return std::move(error);
  return "out.a";
}

Error linkShared(const LinkJob &job) { return link(job, makeShared); }
Error linkObject(const LinkJob &job) { return link(job, makeObject); }
Error linkStatic(const LinkJob &job) { return link(job, makeStatic); }

} // namespace dycc::link
