// What the kernels of every instruction set do, and which of them this processor can run. All matrices are row-major
// float32 without gaps; all sizes count elements.
#pragma once

#include "team.h"

namespace thaw {

// C [rows, columns] = A · B, either factor stored transposed.
struct Product {
  long rows, columns, depth;
  const float* a;
  const float* b;
  float* c;
  bool transposeA, transposeB;
};

// What comes in is x with its weights, or their product.
struct LstmForward {
  long time, batch, inputs, hidden;  // no inputs where there is `projected`
  const float* x;          // [time, batch, inputs]; null where there is `projected`
  const float* input;      // [inputs, 4·hidden]
  const float* projected;  // [time, batch, 4·hidden]: x · Wx, without the bias; null where there is x
  const float* recurrent;  // [hidden, 4·hidden]
  const float* bias;       // [4·hidden]
  const float* h0;         // [batch, hidden]
  const float* c0;         // [batch, hidden]
  float* output;           // [time, batch, hidden]
  float* gates;            // [time, batch, 4·hidden] after their activations, or null where no gradient is wanted
  float* cells;            // [time, batch, hidden]; without gates only [batch, hidden]
};

struct LstmBackward {
  long time, batch, hidden;
  const float* recurrent;  // [hidden, 4·hidden]
  const float* c0;         // [batch, hidden]
  const float* gates;      // [time, batch, 4·hidden]
  const float* cells;      // [time, batch, hidden]
  const float* dOutput;    // [time, batch, hidden]
  float* dGates;           // [time, batch, 4·hidden]: gradients before the activations
};

struct QrnnForward {
  long time, batch, hidden, gateCount;  // 2 gates (z, f), or 3 with an output gate
  const float* raw;                     // [time, batch, gateCount·hidden]: the matrix product, without the bias
  const float* bias;                    // [gateCount·hidden]
  const float* c0;                      // [batch, hidden]
  const float* zoneOut;                 // a scaled mask [time, batch, hidden], or null
  float* output;                        // [time, batch, hidden]
  float* gates;                         // [time, batch, gateCount·hidden] after their activations, or null
  float* cells;                         // [time, batch, hidden]; without gates only [batch, hidden]
};

struct QrnnBackward {
  long time, batch, hidden, gateCount;
  const float* gates;    // [time, batch, gateCount·hidden]
  const float* cells;    // [time, batch, hidden]
  const float* c0;       // [batch, hidden]
  const float* zoneOut;  // [time, batch, hidden], or null
  const float* dOutput;  // [time, batch, hidden]
  float* dGates;         // [time, batch, gateCount·hidden]: gradients before the activations
  float* dC0;            // [batch, hidden]
};

struct CrossEntropy {
  long rows, width, vocabulary;
  const float* x;          // [rows, width]
  const float* embedding;  // [vocabulary, width]
  const float* bias;       // [vocabulary]
  const int* targets;      // [rows]
  float scale;             // the gradients are those of scale · the sum over rows
  float* losses;           // [rows]: −log p of the target, in nats
  float* best;             // [rows]: 1 where the target had the greatest probability, else 0
  float* dx;               // [rows, width], or null where no gradient is wanted
  float* dEmbedding;       // [vocabulary, width]
  float* dBias;            // [vocabulary]
};

struct DropoutMask {
  long count;
  double rate;               // the share of zeros
  unsigned int seed0, seed1;
  float* mask;               // [count]: 0, or 1 / (1 − rate)
};

// Kingma & Ba 2015 with decoupled decay. The moments are changed in place, the value goes to a place of its own.
struct AdamStep {
  long count;
  const float* value;
  float* mean;
  float* square;
  const float* gradient;
  float* changed;
  float gradientScale, beta1, beta2;
  float rate;     // with the corrections of both moments' beginnings in it
  float epsilon;  // added to the root that is not corrected
  float decay;    // the value is multiplied by this first
};

// What the output of a language model's encoder is pulled by: the decoder, and the two penalties of AWD-LSTM.
struct OutputGradient {
  long time, batch, width;
  const float* decoded;  // [time, batch, width]: the decoder's gradient of what it was given
  const float* dropped;  // [time, batch, width]: what it was given
  const float* raw;      // [time, batch, width]: the encoder's output
  const float* mask;     // raw · mask = dropped; or null
  bool maskOfEachStep;   // the mask is [time, batch, width], else [batch, width] and the same at each step
  float activation;      // the gradient of Σ dropped² counts half of this
  float temporal;        // and that of Σ (raw at t + 1 − raw at t)² half of this
  float* dRaw;           // [time, batch, width]
  float* sums;           // [2]: Σ dropped², Σ (raw at t + 1 − raw at t)²
};

struct Kernels {
  const char* name;       // 'amx', 'avx512-bf16', 'avx512', 'avx2'
  const char* precision;  // of the factors of matrix products: 'bf16' or 'fp32'; sums are always float32
  void (*product)(const Product&);
  void (*lstmForward)(const LstmForward&);
  void (*lstmBackward)(const LstmBackward&);
  void (*qrnnForward)(const QrnnForward&);
  void (*qrnnBackward)(const QrnnBackward&);
  void (*crossEntropy)(const CrossEntropy&);
  void (*dropoutMask)(const DropoutMask&);
  void (*adam)(const AdamStep&);
  void (*outputGradient)(const OutputGradient&);
};

// The best kernels that this processor and system can run, with bfloat16 factors where `bf16` and it has them; null
// where none can. `only` (or null) asks for one by name, for tests.
const Kernels* pickKernels(bool bf16, const char* only);

extern const Kernels kAmx, kAvx512Bf16, kAvx512, kAvx2;

}  // namespace thaw
