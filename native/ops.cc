// The kernels as operations of TensorFlow, registered through its C API (kernels.h, ops.h), so that they work on its
// tensors without a copy; and a Node addon whose loading registers them. TensorFlow must be loaded before.
#include <node_api.h>

#include <mutex>
#include <new>
#include <string>

#include "kernels.h"
#include "tensorflow-api.h"

namespace {

const thaw::Kernels* kernels = nullptr;
std::mutex oneAtATime;

// A tensor that came in, freed with the scope.
class Input {
 public:
  Input(TF_OpKernelContext* context, int index, TF_Status* status) { TF_GetInput(context, index, &tensor_, status); }
  ~Input() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  long size(int axis) const { return TF_Dim(tensor_, axis); }
  int rank() const { return TF_NumDims(tensor_); }
  long elements() const { return TF_TensorElementCount(tensor_); }
  const float* floats() const { return static_cast<const float*>(TF_TensorData(tensor_)); }
  const int* ints() const { return static_cast<const int*>(TF_TensorData(tensor_)); }

 private:
  TF_Tensor* tensor_ = nullptr;
};

class Output {
 public:
  Output(TF_OpKernelContext* context, int index, long rows, long columns, TF_Status* status) {
    int64_t dims[2] = {rows, columns};
    const int rank = columns < 0 ? 1 : 2;
    const long elements = rank == 1 ? rows : rows * columns;
    tensor_ = TF_AllocateOutput(context, index, TF_FLOAT, dims, rank, elements * sizeof(float), status);
  }
  ~Output() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  float* floats() const { return static_cast<float*>(TF_TensorData(tensor_)); }

 private:
  TF_Tensor* tensor_ = nullptr;
};

struct Status {
  TF_Status* const p = TF_NewStatus();
  ~Status() { TF_DeleteStatus(p); }
  bool ok() const { return TF_GetCode(p) == TF_OK; }
};

void fail(TF_OpKernelContext* context, TF_Status* status, const std::string& message) {
  TF_SetStatus(status, TF_INVALID_ARGUMENT, message.c_str());
  TF_OpKernelContext_Failure(context, status);
}

// Runs one kernel under the lock and turns what goes wrong into TensorFlow's status.
template <typename Work>
void guarded(TF_OpKernelContext* context, const Work& work) {
  Status status;
  try {
    std::lock_guard<std::mutex> lock(oneAtATime);
    if (!kernels) return fail(context, status.p, "Thaw's kernels were not configured.");
    work(status.p);
    if (!status.ok()) TF_OpKernelContext_Failure(context, status.p);
  } catch (const std::bad_alloc&) {
    TF_SetStatus(status.p, TF_RESOURCE_EXHAUSTED, "Out of memory in one of Thaw's kernels.");
    TF_OpKernelContext_Failure(context, status.p);
  }
}

struct Flags {
  unsigned char first = 0, second = 0;
};

template <const char* const& kFirst, const char* const& kSecond>
void* createWithFlags(TF_OpKernelConstruction* construction) {
  Status status;
  auto* const flags = new Flags();
  if (kFirst) TF_OpKernelConstruction_GetAttrBool(construction, kFirst, &flags->first, status.p);
  if (kSecond) TF_OpKernelConstruction_GetAttrBool(construction, kSecond, &flags->second, status.p);
  if (!status.ok()) TF_OpKernelConstruction_Failure(construction, status.p);
  return flags;
}

void deleteFlags(void* flags) {
  delete static_cast<Flags*>(flags);
}

void product(void* kernel, TF_OpKernelContext* context) {
  const auto& flags = *static_cast<const Flags*>(kernel);
  guarded(context, [&](TF_Status* status) {
    const Input a(context, 0, status), b(context, 1, status);
    if (a.rank() != 2 || b.rank() != 2) return fail(context, status, "ThawProduct: expected two matrices.");
    const long rows = a.size(flags.first ? 1 : 0), depth = a.size(flags.first ? 0 : 1);
    const long columns = b.size(flags.second ? 0 : 1);
    if (b.size(flags.second ? 1 : 0) != depth) {
      return fail(context, status, "ThawProduct: depth " + std::to_string(depth) + " times depth " +
                                       std::to_string(b.size(flags.second ? 1 : 0)) + ".");
    }
    const Output c(context, 0, rows, columns, status);
    if (TF_GetCode(status) != TF_OK || rows * columns == 0) return;
    kernels->product({rows, columns, depth, a.floats(), b.floats(), c.floats(), flags.first != 0, flags.second != 0});
  });
}

void lstm(void* kernel, TF_OpKernelContext* context) {
  const bool keep = static_cast<const Flags*>(kernel)->first != 0;
  guarded(context, [&](TF_Status* status) {
    const Input projected(context, 0, status), recurrent(context, 1, status), bias(context, 2, status);
    const Input h0(context, 3, status), c0(context, 4, status);
    const long batch = h0.size(0), hidden = h0.size(1), rows = projected.size(0);
    if (batch == 0 || rows % batch != 0 || projected.size(1) != 4 * hidden || recurrent.size(0) != hidden ||
        recurrent.size(1) != 4 * hidden || bias.elements() != 4 * hidden || c0.elements() != batch * hidden) {
      return fail(context, status, "ThawLstm: shapes that do not fit each other.");
    }
    const Output output(context, 0, rows, hidden, status);
    const Output gates(context, 1, keep ? rows : 0, 4 * hidden, status);
    const Output cells(context, 2, keep ? rows : batch, hidden, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->lstmForward({rows / batch, batch, 0, hidden, nullptr, nullptr, projected.floats(), recurrent.floats(),
                          bias.floats(), h0.floats(), c0.floats(), output.floats(), keep ? gates.floats() : nullptr,
                          cells.floats()});
  });
}

void lstmWithInput(void* kernel, TF_OpKernelContext* context) {
  const bool keep = static_cast<const Flags*>(kernel)->first != 0;
  guarded(context, [&](TF_Status* status) {
    const Input x(context, 0, status), input(context, 1, status), recurrent(context, 2, status);
    const Input bias(context, 3, status), h0(context, 4, status), c0(context, 5, status);
    const long batch = h0.size(0), hidden = h0.size(1), rows = x.size(0), inputs = x.size(1);
    if (batch == 0 || rows % batch != 0 || input.size(0) != inputs || input.size(1) != 4 * hidden ||
        recurrent.size(0) != hidden || recurrent.size(1) != 4 * hidden || bias.elements() != 4 * hidden ||
        c0.elements() != batch * hidden) {
      return fail(context, status, "ThawLstmWithInput: shapes that do not fit each other.");
    }
    const Output output(context, 0, rows, hidden, status);
    const Output gates(context, 1, keep ? rows : 0, 4 * hidden, status);
    const Output cells(context, 2, keep ? rows : batch, hidden, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->lstmForward({rows / batch, batch, inputs, hidden, x.floats(), input.floats(), nullptr, recurrent.floats(),
                          bias.floats(), h0.floats(), c0.floats(), output.floats(), keep ? gates.floats() : nullptr,
                          cells.floats()});
  });
}

void lstmGradient(void*, TF_OpKernelContext* context) {
  guarded(context, [&](TF_Status* status) {
    const Input recurrent(context, 0, status), c0(context, 1, status), gates(context, 2, status);
    const Input cells(context, 3, status), dOutput(context, 4, status);
    const long batch = c0.size(0), hidden = c0.size(1), rows = gates.size(0);
    if (batch == 0 || rows % batch != 0 || gates.size(1) != 4 * hidden || cells.elements() != rows * hidden ||
        dOutput.elements() != rows * hidden || recurrent.elements() != 4 * hidden * hidden) {
      return fail(context, status, "ThawLstmGradient: shapes that do not fit each other.");
    }
    const Output dGates(context, 0, rows, 4 * hidden, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->lstmBackward({rows / batch, batch, hidden, recurrent.floats(), c0.floats(), gates.floats(),
                           cells.floats(), dOutput.floats(), dGates.floats()});
  });
}

// An empty tensor stands for no mask.
const float* maskOf(const Input& zoneOut) {
  return zoneOut.elements() > 0 ? zoneOut.floats() : nullptr;
}

void qrnn(void* kernel, TF_OpKernelContext* context) {
  const bool keep = static_cast<const Flags*>(kernel)->first != 0;
  guarded(context, [&](TF_Status* status) {
    const Input raw(context, 0, status), bias(context, 1, status), c0(context, 2, status);
    const Input zoneOut(context, 3, status);
    const long batch = c0.size(0), hidden = c0.size(1), rows = raw.size(0), width = raw.size(1);
    if (batch == 0 || rows % batch != 0 || (width != 2 * hidden && width != 3 * hidden) || bias.elements() != width ||
        (zoneOut.elements() > 0 && zoneOut.elements() != rows * hidden)) {
      return fail(context, status, "ThawQrnn: shapes that do not fit each other.");
    }
    const Output output(context, 0, rows, hidden, status);
    const Output gates(context, 1, keep ? rows : 0, width, status);
    const Output cells(context, 2, keep ? rows : batch, hidden, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->qrnnForward({rows / batch, batch, hidden, width / hidden, raw.floats(), bias.floats(), c0.floats(),
                          maskOf(zoneOut), output.floats(), keep ? gates.floats() : nullptr, cells.floats()});
  });
}

void qrnnGradient(void*, TF_OpKernelContext* context) {
  guarded(context, [&](TF_Status* status) {
    const Input gates(context, 0, status), cells(context, 1, status), c0(context, 2, status);
    const Input zoneOut(context, 3, status), dOutput(context, 4, status);
    const long batch = c0.size(0), hidden = c0.size(1), rows = gates.size(0), width = gates.size(1);
    if (batch == 0 || rows % batch != 0 || (width != 2 * hidden && width != 3 * hidden) ||
        cells.elements() != rows * hidden || dOutput.elements() != rows * hidden ||
        (zoneOut.elements() > 0 && zoneOut.elements() != rows * hidden)) {
      return fail(context, status, "ThawQrnnGradient: shapes that do not fit each other.");
    }
    const Output dGates(context, 0, rows, width, status), dC0(context, 1, batch, hidden, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->qrnnBackward({rows / batch, batch, hidden, width / hidden, gates.floats(), cells.floats(), c0.floats(),
                           maskOf(zoneOut), dOutput.floats(), dGates.floats(), dC0.floats()});
  });
}

void crossEntropy(void* kernel, TF_OpKernelContext* context) {
  const bool gradient = static_cast<const Flags*>(kernel)->first != 0;
  guarded(context, [&](TF_Status* status) {
    const Input x(context, 0, status), embedding(context, 1, status), bias(context, 2, status);
    const Input targets(context, 3, status), scale(context, 4, status);
    const long rows = x.size(0), width = x.size(1), vocabulary = embedding.size(0);
    if (embedding.size(1) != width || bias.elements() != vocabulary || targets.elements() != rows) {
      return fail(context, status, "ThawCrossEntropy: shapes that do not fit each other.");
    }
    for (long i = 0; i < rows; i++) {
      const int target = targets.ints()[i];
      if (target < 0 || target >= vocabulary) {
        return fail(context, status, "ThawCrossEntropy: target " + std::to_string(target) + " in a vocabulary of " +
                                         std::to_string(vocabulary) + ".");
      }
    }
    const Output losses(context, 0, rows, -1, status), best(context, 1, rows, -1, status);
    const Output dx(context, 2, gradient ? rows : 0, width, status);
    const Output dEmbedding(context, 3, gradient ? vocabulary : 0, width, status);
    const Output dBias(context, 4, gradient ? vocabulary : 0, -1, status);
    if (TF_GetCode(status) != TF_OK || rows == 0) return;
    kernels->crossEntropy({rows, width, vocabulary, x.floats(), embedding.floats(), bias.floats(), targets.ints(),
                           *scale.floats(), losses.floats(), best.floats(), gradient ? dx.floats() : nullptr,
                           gradient ? dEmbedding.floats() : nullptr, gradient ? dBias.floats() : nullptr});
  });
}

void dropoutMask(void*, TF_OpKernelContext* context) {
  guarded(context, [&](TF_Status* status) {
    const Input dims(context, 0, status), seed(context, 1, status), rate(context, 2, status);
    const long rank = dims.elements();
    if (rank < 1 || rank > 2 || seed.elements() != 2 || !(*rate.floats() >= 0 && *rate.floats() < 1)) {
      return fail(context, status, "ThawDropoutMask: expected one or two sizes, two seeds and a rate below 1.");
    }
    const long rows = dims.ints()[0], columns = rank == 2 ? dims.ints()[1] : -1;
    const Output mask(context, 0, rows, columns, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->dropoutMask({rank == 2 ? rows * columns : rows, *rate.floats(), static_cast<unsigned>(seed.ints()[0]),
                          static_cast<unsigned>(seed.ints()[1]), mask.floats()});
  });
}

void adam(void*, TF_OpKernelContext* context) {
  guarded(context, [&](TF_Status* status) {
    const Input value(context, 0, status), mean(context, 1, status), square(context, 2, status);
    const Input gradient(context, 3, status), numbers(context, 4, status);
    const long count = value.elements();
    if (value.rank() < 1 || value.rank() > 2 || mean.elements() != count || square.elements() != count ||
        gradient.elements() != count || numbers.elements() != 6) {
      return fail(context, status, "ThawAdam: shapes that do not fit each other.");
    }
    const Output changed(context, 0, value.size(0), value.rank() == 2 ? value.size(1) : -1, status);
    if (TF_GetCode(status) != TF_OK) return;
    const float* const n = numbers.floats();
    // What is read of a variable is its own memory, so the moments change where they are. Nobody but the optimiser has
    // them; the value may be held by others and goes to a new place.
    kernels->adam({count, value.floats(), const_cast<float*>(mean.floats()), const_cast<float*>(square.floats()),
                   gradient.floats(), changed.floats(), n[0], n[1], n[2], n[3], n[4], n[5]});
  });
}

void outputGradient(void*, TF_OpKernelContext* context) {
  guarded(context, [&](TF_Status* status) {
    const Input decoded(context, 0, status), dropped(context, 1, status), raw(context, 2, status);
    const Input mask(context, 3, status), batch(context, 4, status), numbers(context, 5, status);
    const long rows = raw.size(0), width = raw.size(1), texts = batch.ints()[0];
    if (texts < 1 || rows % texts != 0 || decoded.elements() != rows * width || dropped.elements() != rows * width ||
        (mask.elements() > 0 && mask.elements() != texts * width && mask.elements() != rows * width) || numbers.elements() != 2) {
      return fail(context, status, "ThawOutputGradient: shapes that do not fit each other.");
    }
    const Output dRaw(context, 0, rows, width, status), sums(context, 1, 2, -1, status);
    if (TF_GetCode(status) != TF_OK) return;
    kernels->outputGradient({rows / texts, texts, width, decoded.floats(), dropped.floats(), raw.floats(),
                             maskOf(mask), mask.elements() == rows * width, numbers.floats()[0], numbers.floats()[1], dRaw.floats(), sums.floats()});
  });
}

void shapesAreKnownLater(TF_ShapeInferenceContext*, TF_Status* status) {
  TF_SetStatus(status, TF_OK, "");
}

constexpr const char* kNone = nullptr;
constexpr const char* kTransposeA = "transpose_a";
constexpr const char* kTransposeB = "transpose_b";
constexpr const char* kKeep = "keep";
constexpr const char* kGradient = "gradient";

struct Definition {
  const char* name;
  const char* inputs[6];
  const char* outputs[6];
  const char* flags[3];
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
};

const Definition definitions[] = {
    {"ThawProduct",
     {"a: float", "b: float"},
     {"c: float"},
     {kTransposeA, kTransposeB},
     createWithFlags<kTransposeA, kTransposeB>,
     product},
    {"ThawLstm",
     {"projected: float", "recurrent: float", "bias: float", "h0: float", "c0: float"},
     {"output: float", "gates: float", "cells: float"},
     {kKeep},
     createWithFlags<kKeep, kNone>,
     lstm},
    {"ThawLstmWithInput",
     {"x: float", "input: float", "recurrent: float", "bias: float", "h0: float", "c0: float"},
     {"output: float", "gates: float", "cells: float"},
     {kKeep},
     createWithFlags<kKeep, kNone>,
     lstmWithInput},
    {"ThawLstmGradient",
     {"recurrent: float", "c0: float", "gates: float", "cells: float", "d_output: float"},
     {"d_gates: float"},
     {},
     createWithFlags<kNone, kNone>,
     lstmGradient},
    {"ThawQrnn",
     {"raw: float", "bias: float", "c0: float", "zone_out: float"},
     {"output: float", "gates: float", "cells: float"},
     {kKeep},
     createWithFlags<kKeep, kNone>,
     qrnn},
    {"ThawQrnnGradient",
     {"gates: float", "cells: float", "c0: float", "zone_out: float", "d_output: float"},
     {"d_gates: float", "d_c0: float"},
     {},
     createWithFlags<kNone, kNone>,
     qrnnGradient},
    {"ThawCrossEntropy",
     {"x: float", "embedding: float", "bias: float", "targets: int32", "scale: float"},
     {"losses: float", "best: float", "dx: float", "d_embedding: float", "d_bias: float"},
     {kGradient},
     createWithFlags<kGradient, kNone>,
     crossEntropy},
    {"ThawDropoutMask",
     {"dims: int32", "seed: int32", "rate: float"},
     {"mask: float"},
     {},
     createWithFlags<kNone, kNone>,
     dropoutMask},
    {"ThawAdam",
     {"value: float", "mean: float", "square: float", "gradient: float", "numbers: float"},
     {"changed: float"},
     {},
     createWithFlags<kNone, kNone>,
     adam},
    {"ThawOutputGradient",
     {"decoded: float", "dropped: float", "raw: float", "mask: float", "batch: int32", "numbers: float"},
     {"d_raw: float", "sums: float"},
     {},
     createWithFlags<kNone, kNone>,
     outputGradient},
};

// Returns what went wrong, or an empty string.
std::string registerAll() {
  Status status;
  for (const Definition& definition : definitions) {
    TF_OpDefinitionBuilder* const builder = TF_NewOpDefinitionBuilder(definition.name);
    for (const char* input : definition.inputs) {
      if (input) TF_OpDefinitionBuilderAddInput(builder, input);
    }
    for (const char* output : definition.outputs) {
      if (output) TF_OpDefinitionBuilderAddOutput(builder, output);
    }
    for (const char* flag : definition.flags) {
      if (flag) TF_OpDefinitionBuilderAddAttr(builder, (std::string(flag) + ": bool").c_str());
    }
    TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, shapesAreKnownLater);
    TF_RegisterOpDefinition(builder, status.p);
    if (!status.ok()) return TF_Message(status.p);
    TF_KernelBuilder* const kernel =
        TF_NewKernelBuilder(definition.name, "CPU", definition.create, definition.compute, deleteFlags);
    TF_RegisterKernelBuilder(definition.name, kernel, status.p);
    if (!status.ok()) return TF_Message(status.p);
  }
  return "";
}

napi_value text(napi_env env, const char* value) {
  napi_value result;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
  return result;
}

std::string textOf(napi_env env, napi_value value) {
  char buffer[64];
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, buffer, sizeof buffer, &length) != napi_ok) return "";
  return std::string(buffer, length);
}

// configure(bf16: boolean, threads: number, only: string) → { name, precision, threads } or null where none can run.
napi_value configure(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  bool bf16 = false;
  int threads = 0;
  napi_get_value_bool(env, arguments[0], &bf16);
  napi_get_value_int32(env, arguments[1], &threads);
  const std::string only = textOf(env, arguments[2]);
  std::lock_guard<std::mutex> lock(oneAtATime);
  kernels = thaw::pickKernels(bf16, only.empty() ? nullptr : only.c_str());
  napi_value result;
  napi_get_null(env, &result);
  if (!kernels) return result;
  thaw::setTeamSize(threads);
  napi_value size;
  napi_create_object(env, &result);
  napi_create_int32(env, thaw::teamSize(), &size);
  napi_set_named_property(env, result, "name", text(env, kernels->name));
  napi_set_named_property(env, result, "precision", text(env, kernels->precision));
  napi_set_named_property(env, result, "threads", size);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  // Once a process: a second worker thread that loads the addon finds the operations there.
  static const std::string problem = registerAll();
  if (!problem.empty()) {
    napi_throw_error(env, nullptr, problem.c_str());
    return nullptr;
  }
  napi_value function;
  napi_create_function(env, "configure", NAPI_AUTO_LENGTH, configure, nullptr, &function);
  napi_set_named_property(env, exports, "configure", function);
  return exports;
}
