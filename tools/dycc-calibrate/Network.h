#ifndef DYCC_TOOLS_DYCC_CALIBRATE_NETWORK_H
#define DYCC_TOOLS_DYCC_CALIBRATE_NETWORK_H

#include "compiler/import/Proto.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dycc::calibrate {

/// An ONNX network that is made layer by layer, with weights of no meaning.
/// Each layer reads `value`, the result of the last one, and becomes it.
class Network {
public:
  /// One input of floats; dims are numbers or names of symbols.
  explicit Network(const std::vector<std::string> &dims);

  /// The value that the next layer reads.
  std::string value;

  /// A convolution with padding and a bias; `groups` may be all channels.
  void convolve(int64_t inputs, int64_t outputs, int64_t size,
                int64_t stride = 1, int64_t groups = 1);
  /// A product by a matrix of weights, and a bias.
  void multiply(int64_t inputs, int64_t outputs);
  /// An operator of `value` and whatever `others` are.
  proto::NodeProto &apply(const std::string &op,
                          const std::vector<std::string> &others = {});
  /// A pooling of windows of `size` by `size`, with padding.
  void pool(const std::string &op, int64_t size, int64_t stride);
  /// Larger by a whole factor, with linear interpolation.
  void enlarge(float factor);
  /// Rows of `width` elements with mean 0 and variance 1, scaled.
  void normalize(int64_t width);
  /// Result `a` of two matrices, the second one transposed where asked for.
  void matrices(const std::string &a, const std::string &b,
                bool isTransposed = false);
  /// A scalar of floats.
  std::string scalar(float number);

  /// The model, whose output is `value`, as bytes.
  std::string text();

private:
  std::string weight(const std::vector<int64_t> &dims);
  std::string integers(const std::vector<int64_t> &values);
  std::string floats(const std::vector<float> &values);
  proto::TensorProto &initializer();

  proto::ModelProto model;
  int names = 0;
  uint32_t state = 1; ///< Of the numbers drawn.
};

/// Sets an attribute of a node.
void setInt(proto::NodeProto &node, const std::string &name, int64_t value);
void setInts(proto::NodeProto &node, const std::string &name,
             const std::vector<int64_t> &values);
void setText(proto::NodeProto &node, const std::string &name,
             const std::string &value);

} // namespace dycc::calibrate

#endif // DYCC_TOOLS_DYCC_CALIBRATE_NETWORK_H
