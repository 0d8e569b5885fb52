// The class QosController of the extension.
#ifndef DYCC_TOOLS_PYTHON_QOS_H
#define DYCC_TOOLS_PYTHON_QOS_H

#include <nanobind/nanobind.h>

namespace dycc::python {

/// Variants are indices there; dycc/_qos.py has their names.
void bindQos(nanobind::module_ &m);

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_QOS_H
