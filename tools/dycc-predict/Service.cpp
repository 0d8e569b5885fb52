#include "tools/dycc-predict/Service.h"

#include "tools/dycc-predict/Predictor.h"

#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

namespace dycc::predict {
namespace {

using nlohmann::json;

class Service {
public:
  explicit Service(const CompileOptions &options) : options(options) {}

  /// Throws where the request has not the form that it needs.
  json answer(const json &request) {
    if (request.contains("load"))
      return load(request);
    auto model = models.find(
        request.at(request.contains("drop") ? "drop" : "model").get<size_t>());
    if (model == models.end())
      return {{"error", "no model of that number is loaded"}};
    if (request.contains("drop")) {
      models.erase(model);
      return json::object();
    }
    return predict(model->second->get(), request.at("at"));
  }

private:
  json load(const json &request) {
    CompileOptions mine = options;
    mine.input = request.at("load");
    for (const std::string &dim :
         request.value("dims", std::vector<std::string>()))
      mine.dims.push_back(dim);
    std::string text;
    llvm::raw_string_ostream errors(text);
    std::unique_ptr<Predictor> made = Predictor::make(mine, errors);
    if (!made)
      return {{"error", llvm::StringRef(text).trim().str()}};
    json symbols = json::array();
    for (const SymbolValue &symbol : made->get().getSymbols())
      symbols.push_back(symbol.name);
    size_t number = next++;
    json answer{{"model", number},
                {"symbols", symbols},
                {"machine", made->machine()},
                {"measured", made->isMeasured()},
                {"weight_bytes", made->get().weightBytes()}};
    models[number] = std::move(made);
    return answer;
  }

  static json predict(const Prediction &prediction, const json &extents) {
    std::vector<std::string> at;
    for (const auto &[name, value] : extents.items())
      at.push_back(name + "=" + std::to_string(value.get<int64_t>()));
    auto figures = prediction.at(at, /*hasLaunches=*/false, "at");
    if (!figures)
      return {{"error", llvm::toString(figures.takeError())}};
    if (!figures->refusal.empty())
      return {{"error", figures->refusal}};
    return {{"seconds", figures->seconds},
            {"arena_bytes", figures->arenaBytes}};
  }

  const CompileOptions &options;
  std::map<size_t, std::unique_ptr<Predictor>> models;
  size_t next = 0;
};

} // namespace

void serve(const CompileOptions &options, std::istream &in, std::ostream &out) {
  Service service(options);
  for (std::string line; std::getline(in, line);) {
    json answer;
    try {
      answer = service.answer(json::parse(line));
    } catch (const json::exception &error) {
      answer = {
          {"error", std::string("expects a request, got: ") + error.what()}};
    }
    out << answer.dump(-1, ' ', false, json::error_handler_t::replace) << "\n"
        << std::flush;
  }
}

} // namespace dycc::predict
