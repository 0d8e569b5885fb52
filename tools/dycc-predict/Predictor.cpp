#include "tools/dycc-predict/Predictor.h"

namespace dycc::predict {

std::unique_ptr<Predictor> Predictor::make(const CompileOptions &options,
                                           llvm::raw_ostream &errors) {
  std::unique_ptr<Predictor> made(new Predictor(options, errors));
  CompileStatus status = made->frontend.import();
  for (const Stage &stage : stages())
    if (status == CompileStatus::Ok)
      status = made->frontend.run(stage);
  if (status != CompileStatus::Ok)
    return nullptr;
  made->prediction.emplace(made->frontend.getModule());
  return made;
}

std::string Predictor::machine() const {
  return frontend.getMachines().front().title();
}

} // namespace dycc::predict
