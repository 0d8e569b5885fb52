#include "tools/dycc-run/Trace.h"

#include "tools/dycc-run/HostTensor.h"

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

namespace dycc::run {

using nlohmann::json;

Trace::Trace(const dycc_model_info &info, uint32_t threads)
    : info(info), parts(threads) {
  if (info.size < offsetof(dycc_model_info, reserved))
    throw Refusal("the model was compiled by a dycc that knew no traces, "
                  "expected one that is compiled anew");
}

void Trace::beforeRun(const std::vector<int64_t> &symbols,
                      const std::vector<int64_t> &bytes) {
  runSymbols = symbols;
  liveBytes = bytes;
}

void Trace::onLaunch(const dycc_launch &launch) {
  launches.push_back(
      {0, 0, launch, numbers.size(), liveBytes.at(launch.launch)});
  numbers.insert(numbers.end(), launch.symbols,
                 launch.symbols + launch.num_symbols);
  uint32_t count = launch.num_operands + launch.num_results;
  int64_t dims = std::accumulate(
      launch.operands, launch.operands + count, int64_t(0),
      [](int64_t sum, const auto &info) { return sum + info.rank; });
  numbers.insert(numbers.end(), launch.dims, launch.dims + dims);
}

void Trace::onBegin(uint32_t, Clock::time_point at) {
  launches.back().begin = since(at);
}

void Trace::onEnd(uint32_t, Clock::time_point at) {
  launches.back().end = since(at);
}

void Trace::onBeginPart(uint32_t part, uint32_t count, Clock::time_point at) {
  parts[part].push_back(
      {since(at), 0, std::this_thread::get_id(), launches.size() - 1, count});
}

void Trace::onEndPart(uint32_t part, Clock::time_point at) {
  parts[part].back().end = since(at);
}

void Trace::onDevice(const dycc_device_launch &launch) {
  size_t index = firstOfRun() + launch.call;
  bool isFirst =
      deviceSlices.empty() || deviceSlices.back().launch < firstOfRun();
  if (isFirst)
    deviceOffset = launches.at(index).begin - Time(launch.queued);
  deviceSlices.push_back({Time(launch.began) + deviceOffset,
                          Time(launch.ended) + deviceOffset, index,
                          launch.entry});
}

void Trace::onRun(Clock::time_point begin, Clock::time_point end) {
  runs.push_back({since(begin), since(end), runSymbols, launches.size()});
}

/// Puts events into a text.
class Trace::Writer {
public:
  explicit Writer(const Trace &trace) : trace(trace) {
    threads[trace.caller] = 1;
  }

  std::string write() {
    nameTracks();
    size_t first = 0;
    for (const Run &run : trace.runs) {
      writeRun(run);
      for (; first < run.endLaunch; ++first)
        writeLaunch(trace.launches[first]);
      count(run.end, 0, 0);
    }
    for (uint32_t number = 0; number < trace.parts.size(); ++number)
      for (const Part &part : trace.parts[number])
        writePart(part, number);
    for (const DeviceSlice &one : trace.deviceSlices)
      slice("device", one.entry, deviceTrack(), one.begin, one.end,
            {{"nodes", trace.launches[one.launch].what.nodes}});
    // Perfetto takes the end of the list for the end of the file.
    return "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n" + text +
           "\n]}\n";
  }

private:
  void add(json event) {
    event["pid"] = 1;
    // Names may be any bytes.
    text += (text.empty() ? "" : ",\n") +
            event.dump(-1, ' ', false, json::error_handler_t::replace);
  }

  /// Microseconds, as the format has them.
  static double toMicroseconds(Time time) { return double(time) / 1000; }

  void slice(const char *category, std::string name, int thread, Time begin,
             Time end, json arguments) {
    add({{"ph", "X"},
         {"cat", category},
         {"name", std::move(name)},
         {"tid", thread},
         {"ts", toMicroseconds(begin)},
         {"dur", toMicroseconds(end - begin)},
         {"args", std::move(arguments)}});
  }

  void count(Time at, int64_t arena, uint64_t beyond) {
    add({{"ph", "C"},
         {"name", "live bytes"},
         {"ts", toMicroseconds(at)},
         {"args", {{"arena", arena}, {"beyond the arena", beyond}}}});
  }

  void nameTracks() {
    auto name = [&](const char *what, int thread, std::string text) {
      add({{"ph", "M"},
           {"name", what},
           {"tid", thread},
           {"args", {{"name", std::move(text)}}}});
    };
    for (const auto &list : trace.parts)
      for (const Part &part : list)
        threads.emplace(part.thread, int(threads.size()) + 1);
    name("process_name", 1, trace.info.name);
    if (!trace.deviceSlices.empty())
      name("thread_name", deviceTrack(), "device");
    for (const auto &[id, number] : threads)
      name("thread_name", number,
           number == 1 ? "caller" : fmt::format("worker {}", number - 1));
  }

  /// Behind those of all threads.
  int deviceTrack() const { return int(threads.size()) + 1; }

  void writeRun(const Run &run) {
    json symbols = json::object();
    for (size_t i = 0; i < run.symbols.size(); ++i)
      symbols[trace.info.symbols[i].name] = run.symbols[i];
    slice("run", fmt::format("run {}", &run - trace.runs.data() + 1), 1,
          run.begin, run.end, {{"symbols", symbols}});
  }

  void writeLaunch(const Launch &launch) {
    const dycc_launch &what = launch.what;
    const int64_t *number = &trace.numbers[launch.firstNumber];
    std::vector<int64_t> symbols(number, number + what.num_symbols);
    const int64_t *dims = number + what.num_symbols;
    auto shapes = [&](uint32_t first, uint32_t count) {
      json list = json::array();
      for (uint32_t i = first; i < first + count; ++i) {
        const dycc_operand_info &operand = what.operands[i];
        list.push_back(fmt::format("{}[{}]", nameOf(operand.dtype),
                                   fmt::join(dims, dims + operand.rank, ", ")));
        dims += operand.rank;
      }
      return list;
    };
    json operands = shapes(0, what.num_operands);
    json results = shapes(what.num_operands, what.num_results);
    json arguments{{"nodes", what.nodes},
                   {"operands", operands},
                   {"results", results},
                   {"symbols", symbols}};
    if (*what.version)
      arguments["version"] = what.version;
    count(launch.begin, launch.arenaBytes, what.heap_bytes);
    slice("kernel", trace.info.kernels[what.kernel].name, 1, launch.begin,
          launch.end, std::move(arguments));
  }

  void writePart(const Part &part, uint32_t number) {
    const dycc_launch &what = trace.launches[part.launch].what;
    slice("part", trace.info.kernels[what.kernel].name, threads[part.thread],
          part.begin, part.end,
          {{"part", fmt::format("{} of {}", number + 1, part.parts)},
           {"nodes", what.nodes}});
  }

  const Trace &trace;
  std::map<std::thread::id, int> threads; ///< Numbers of tracks.
  std::string text;
};

std::string Trace::text() const { return Writer(*this).write(); }

} // namespace dycc::run
