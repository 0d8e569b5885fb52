#include "runtime/src/Model.h"

namespace dycc::rt {

static dycc_dim_info *describeDims(const DyccTensorDesc &tensor,
                                   Carver &carver) {
  auto *dims = carver.take<dycc_dim_info>(tensor.rank);
  for (int32_t i = 0; dims && i < tensor.rank; ++i)
    dims[i] = {tensor.dims[i].text, tensor.dims[i].value, tensor.dims[i].symbol,
               0};
  return dims;
}

static dycc_value_info *describeTensors(const DyccTensorDesc *tensors,
                                        uint32_t count, Carver &carver) {
  auto *infos = carver.take<dycc_value_info>(count);
  for (uint32_t i = 0; i < count; ++i) {
    auto *dims = describeDims(tensors[i], carver);
    if (infos)
      infos[i] = {tensors[i].name,
                  dims,
                  DYCC_VALUE_TENSOR,
                  tensors[i].rank,
                  {tensors[i].code, tensors[i].bits, 1},
                  tensors[i].defaultData != nullptr};
  }
  return infos;
}

/// What run_values() takes: the tensors themselves where nothing holds any.
static const dycc_value_info *describeValues(const DyccValueDesc *values,
                                             uint32_t count, Carver &carver) {
  static const uint32_t kinds[] = {DYCC_VALUE_TENSOR, DYCC_VALUE_SEQUENCE,
                                   DYCC_VALUE_OPTIONAL,
                                   DYCC_VALUE_OPTIONAL_SEQUENCE};
  auto *infos = carver.take<dycc_value_info>(count);
  for (uint32_t i = 0; i < count; ++i) {
    const DyccTensorDesc &tensor = values[i].tensor;
    auto *dims = describeDims(tensor, carver);
    if (infos)
      infos[i] = {tensor.name,
                  dims,
                  kinds[values[i].form],
                  tensor.rank,
                  {tensor.code, tensor.bits, 1},
                  tensor.defaultData != nullptr};
  }
  return infos;
}

static dycc_symbol_info *describeSymbols(const DyccModelDesc &desc,
                                         Carver &carver) {
  auto *infos = carver.take<dycc_symbol_info>(desc.numInputSymbols);
  for (uint32_t i = 0; infos && i < desc.numInputSymbols; ++i) {
    const DyccSymbolDesc &symbol = desc.symbols[i];
    infos[i] = {symbol.name, symbol.lower, symbol.upper, symbol.multiple};
  }
  return infos;
}

static dycc_kernel_info *describeKernels(const DyccModelDesc &desc,
                                         Carver &carver) {
  auto *infos = carver.take<dycc_kernel_info>(desc.numKernels);
  for (uint32_t i = 0; infos && i < desc.numKernels; ++i)
    infos[i] = {desc.kernels[i].name, desc.kernels[i].nodes};
  return infos;
}

static dycc_machine_info *describeMachines(const DyccModelDesc &desc,
                                           Carver &carver) {
  auto *infos = carver.take<dycc_machine_info>(desc.numMachines);
  for (uint32_t i = 0; infos && i < desc.numMachines; ++i)
    infos[i] = {desc.machines[i].name, desc.machines[i].cpuFeatures};
  return infos;
}

static uint32_t *describeKernelMachines(const DyccModelDesc &desc,
                                        Carver &carver) {
  auto *machines = carver.take<uint32_t>(desc.numKernels);
  for (uint32_t i = 0; machines && i < desc.numKernels; ++i)
    machines[i] = uint32_t(desc.kernels[i].machine);
  return machines;
}

void describeModel(const DyccModelDesc &desc, Carver &carver,
                   dycc_model_info &info) {
  info = {};
  info.size = sizeof(info);
  info.num_inputs = desc.numInputs;
  info.num_outputs = desc.numOutputs;
  info.num_symbols = desc.numInputSymbols;
  info.num_kernels = desc.numKernels;
  info.exact = desc.exact;
  info.name = desc.name;
  info.metadata = desc.metadata;
  info.cpu_features = desc.cpuFeatures;
  info.weight_bytes = desc.weightBytes;
  info.inputs = describeTensors(desc.inputs, desc.numInputs, carver);
  info.outputs = describeTensors(desc.outputs, desc.numOutputs, carver);
  info.symbols = describeSymbols(desc, carver);
  info.kernels = describeKernels(desc, carver);
  info.num_machines = desc.numMachines;
  info.machines = describeMachines(desc, carver);
  info.kernel_machines = describeKernelMachines(desc, carver);
  info.num_launches = desc.numLaunches;
  bool hasValues = desc.numInputValues || desc.numOutputValues;
  info.num_input_values = hasValues ? desc.numInputValues : desc.numInputs;
  info.num_output_values = hasValues ? desc.numOutputValues : desc.numOutputs;
  info.input_values =
      hasValues ? describeValues(desc.inputValues, desc.numInputValues, carver)
                : info.inputs;
  info.output_values = hasValues ? describeValues(desc.outputValues,
                                                  desc.numOutputValues, carver)
                                 : info.outputs;
}

} // namespace dycc::rt
