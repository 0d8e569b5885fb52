#ifndef DYCC_CODEGEN_TARGET_LAUNCHWORK_H
#define DYCC_CODEGEN_TARGET_LAUNCHWORK_H

#include "dialects/dyn/Expr.h"
#include <string>
#include <vector>

namespace dycc::codegen {

/// What a launch of a kernel's version consists of, as far as the time that it
/// takes follows from it: amounts of work, over the kernel's symbols. What one
/// of each takes is measured on a machine (docs/oracle.md).
struct LaunchWork {
  struct Amount {
    std::string name; ///< "products".
    dyn::ExprAttr count;
  };

  /// Launches of one kind have the same price for an amount of one name.
  std::string kind; ///< "winograd".
  std::vector<Amount> amounts;

  /// What is not known is left out. Equal names are one amount.
  void add(llvm::StringRef name, dyn::ExprAttr count) {
    if (count.isUnknown() || count.isConstant(0))
      return;
    for (Amount &amount : amounts)
      if (amount.name == name) {
        amount.count = dyn::ExprAttr::add(amount.count, count);
        return;
      }
    amounts.push_back({name.str(), count});
  }
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_LAUNCHWORK_H
