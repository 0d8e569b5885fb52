#ifndef DYCC_COMPILER_IMPORT_PROTO_H
#define DYCC_COMPILER_IMPORT_PROTO_H

// The one place that includes the classes generated from ONNX's .proto: they
// are in namespace dycc::proto.
#include "compiler/import/OnnxModel.pb.h" // IWYU pragma: export

#endif // DYCC_COMPILER_IMPORT_PROTO_H
