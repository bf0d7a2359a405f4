#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "team.h"

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")

#define THAW_FP32 1
#define THAW_DOT 2
#define THAW_TILES 3
#define THAW_NAMESPACE avx512bf16
#define THAW_WIDTH 16
#define THAW_FORMAT THAW_DOT
#include "kernels.inc"

namespace thaw {
const Kernels kAvx512Bf16 = {"avx512-bf16", "bf16", avx512bf16::product, avx512bf16::lstmForward, avx512bf16::lstmBackward,
                             avx512bf16::qrnnForward, avx512bf16::qrnnBackward, avx512bf16::crossEntropy, avx512bf16::dropoutMask, avx512bf16::adam, avx512bf16::outputGradient};
}
