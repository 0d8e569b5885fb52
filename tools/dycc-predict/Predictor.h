#ifndef DYCC_TOOLS_DYCC_PREDICT_PREDICTOR_H
#define DYCC_TOOLS_DYCC_PREDICT_PREDICTOR_H

#include "compiler/driver/Frontend.h"
#include "compiler/driver/Prediction.h"

#include <memory>

namespace dycc::predict {

/// A model as far as the plan stage, which answers what runs of it take.
class Predictor {
public:
  /// Null where the model is refused, which `errors` has then.
  static std::unique_ptr<Predictor> make(const CompileOptions &options,
                                         llvm::raw_ostream &errors);

  const Prediction &get() const { return *prediction; }
  /// The machine that times are of, and whether they are those of a file.
  std::string machine() const;
  bool isMeasured() const { return !options.machineFile.empty(); }

private:
  Predictor(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), frontend(this->options, errors) {}

  CompileOptions options;
  Frontend frontend;
  std::optional<Prediction> prediction;
};

} // namespace dycc::predict

#endif // DYCC_TOOLS_DYCC_PREDICT_PREDICTOR_H
