// Which plans to try, and which of them are faster: a search by measurement
// that knows neither kernels nor clocks.
#ifndef DYCC_COMPILER_TUNE_SEARCH_H
#define DYCC_COMPILER_TUNE_SEARCH_H

#include "mlir/IR/Attributes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"

#include <functional>
#include <optional>
#include <vector>

namespace dycc::tune {

/// Seconds with the plans that were there before, and with others.
struct Pair {
  double before = 0, after = 0;

  Pair &operator+=(Pair other) {
    before += other.before;
    after += other.after;
    return *this;
  }
  double gain() const { return before / after; }
};

/// What a choice of plans came to.
struct Measurement {
  std::vector<Pair> models;                ///< Whole runs, by point.
  std::vector<std::vector<Pair>> subjects; ///< By point and subject; zeros
                                           ///< where it does not run.
};

/// What the search asks of the world. A subject is a version of a kernel, by
/// its number.
struct World {
  /// Plans near one of a subject's plans.
  std::function<std::vector<mlir::Attribute>(size_t subject,
                                             mlir::Attribute plan)>
      neighbours;
  /// Builds and runs the model with a plan for each subject, in turn with the
  /// model as it was; `isLong`: with more runs than else. Nothing where it is
  /// not built, crashes or takes too long.
  std::function<std::optional<Measurement>(llvm::ArrayRef<mlir::Attribute>,
                                           bool isLong)>
      measure;
  /// Seconds since the beginning.
  std::function<double()> now;
};

/// How one subject ended.
struct Found {
  mlir::Attribute plan; ///< Null: that which it had.
  Pair seconds;         ///< Of all its launches at all points.
  double gain = 1;      ///< The geometric mean over the points.
};

struct SearchResult {
  std::vector<Found> subjects;
  std::vector<Pair> models;  ///< By point, with all found plans together.
  size_t tried = 0, bad = 0; ///< Plans; those that did not build or run.
};

/// A search from the plans that subjects have to what is near them, again and
/// again from what was faster. Each round tries one plan of each subject that
/// takes a hundredth of the model's time or more, in one build; a round that
/// fails is repeated by halves, so that a plan that crashes costs itself alone.
/// A plan is faster by the geometric mean of its gain over the points, beyond
/// what the model measured against itself differs, and slower at no point. At
/// the end all found plans are measured together, and what does not hold goes.
class Search {
public:
  Search(std::vector<mlir::Attribute> chosen, World world, double budget)
      : chosen(std::move(chosen)), world(std::move(world)), budget(budget) {}

  /// Takes about `budget` seconds. Nothing where the model cannot be measured
  /// with the plans that it has.
  std::optional<SearchResult> run();

private:
  struct Subject {
    size_t number;
    double seconds; ///< In the model as it was.
    double margin;  ///< Gains up to here are noise.
    mlir::Attribute best;
    double gain = 1;
    bool isExpanded = false;
    std::vector<mlir::Attribute> open = {}; ///< Not tried yet, the next one
                                            ///< last.
    llvm::DenseSet<mlir::Attribute> seen = {};
  };
  /// A plan to try.
  struct Trial {
    Subject *subject;
    mlir::Attribute plan;
  };

  bool start();
  std::vector<Trial> nextRound();
  void tryAll(llvm::ArrayRef<Trial> trials);
  void judge(const Trial &trial, const Measurement &measured);
  void expand(Subject &subject, mlir::Attribute plan);
  /// Keeps what holds when all found plans run together; true: some did not.
  bool confirm();
  std::vector<mlir::Attribute> bestPlans() const;
  bool isFaster(const Subject &subject, const Measurement &measured) const;

  std::vector<mlir::Attribute> chosen;
  World world;
  double budget;
  double oneMeasurement = 0;     ///< Seconds of one without new plans.
  double newPlans = 0;           ///< Seconds that `result.tried` of them took.
  std::vector<Subject> subjects; ///< The most expensive first.
  SearchResult result;
};

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_SEARCH_H
